import { parseExpression, parseUnaryTests } from '@bpmn-io/feelin';

/** FEEL's syntax tree as plain nodes `{ name, text, children }`; `names` is as in `compile`. */
export function syntaxTree(text, names, isUnaryTest) {
  const tree = isUnaryTest ? parseUnaryTests(text, names) : parseExpression(text, names);
  const root = { name: 'Root', text, children: [] };
  const open = [root];
  tree.iterate({
    enter({ name, from, to, type }) {
      if (type.isSkipped) {
        return false;
      }
      const node = { name, text: text.slice(from, to), children: [] };
      open.at(-1).children.push(node);
      open.push(node);
      return true;
    },
    leave({ type }) {
      if (!type.isSkipped) {
        open.pop();
      }
    },
  });
  return root;
}

/** The name that a VariableName, Name or ParameterName node stands for: one space between words. */
export function nameOf(node) {
  return node.text.trim().replace(/\s+/g, ' ');
}

export function child(node, name) {
  return node.children.find((inner) => inner.name === name);
}
