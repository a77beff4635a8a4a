import { isBuiltin } from '@bpmn-io/feelin';

import { child, nameOf } from './syntax-tree.js';

/**
 * The names that an expression takes from its context: `required`; `optional` where only
 * `is defined` asks for them; `doubtful` within a filter, where they may be entries of the list's
 * elements; and the `functions` that do not exist.
 */
export function freeNames(root, known) {
  const found = {
    required: new Set(), optional: new Set(), doubtful: new Set(), functions: new Set(),
  };
  visit(root, { bound: new Set(), kind: 'required', known, found });
  return found;
}

function visit(node, scope) {
  const visitor = VISITORS[node.name] ?? visitChildren;
  visitor(node, scope);
}

function visitChildren(node, scope) {
  for (const inner of node.children) {
    visit(inner, scope);
  }
}

const VISITORS = {
  VariableName(node, scope) {
    const name = nameOf(node);
    if (!scope.bound.has(name) && (scope.known.has(name) || !isBuiltin(name))) {
      scope.found[scope.kind].add(name);
    }
  },
  '?'(node, scope) {
    if (!scope.bound.has('?')) {
      scope.found[scope.kind].add('?');
    }
  },
  /** A test behind `in` or of a cell may ask for what it tests. */
  PositiveUnaryTest: (node, scope) => visitChildren(node, withBound(scope, ['?'])),
  PathExpression: (node, scope) => visit(node.children[0], scope),
  FilterExpression(node, scope) {
    const [list, ...filter] = node.children;
    visit(list, scope);
    const kind = scope.kind === 'required' ? 'doubtful' : scope.kind;
    visitAll(filter, { ...withBound(scope, ['item']), kind });
  },
  FunctionInvocation(node, scope) {
    const [called, ...rest] = node.children;
    const name = nameOf(called);
    if (called.name !== 'VariableName') {
      visit(called, scope);
    } else if (!scope.bound.has(name) && !isBuiltin(name)) {
      scope.found.functions.add(name);
    }
    visitArguments(name, rest, scope);
  },
  ParameterName() {},
  Type() {},
  ForExpression: (node, scope) => visitIteration(node, scope, ['partial']),
  QuantifiedExpression: (node, scope) => visitIteration(node, scope, []),
  FunctionDefinition(node, scope) {
    const parameters = child(node, 'FormalParameters')?.children ?? [];
    const names = parameters.map((parameter) => nameOf(child(parameter, 'ParameterName')));
    visit(child(node, 'FunctionBody'), withBound(scope, names));
  },
  Context(node, scope) {
    let inner = scope;
    for (const entry of node.children.filter(({ name }) => name === 'ContextEntry')) {
      const [key, ...value] = entry.children;
      visitAll(value, inner);
      inner = withBound(inner, [nameOf(key).replace(/^"(.*)"$/s, '$1')]);
    }
  },
};

function visitAll(nodes, scope) {
  visitChildren({ children: nodes }, scope);
}

/** `is defined` and the first argument of `get or else` ask for names that may be missing. */
function visitArguments(name, rest, scope) {
  const optional = { ...scope, kind: 'optional' };
  if (name !== 'get or else') {
    visitAll(rest, name === 'is defined' ? optional : scope);
    return;
  }
  for (const [index, given] of rest.flatMap(({ children }) => children).entries()) {
    const parameter = child(given, 'ParameterName');
    const isFirst = parameter ? nameOf(parameter) === 'value' : index === 0;
    visit(given, isFirst ? optional : scope);
  }
}

/** `bound` are names that only the expression behind the variables knows. */
function visitIteration(node, scope, bound) {
  let inner = scope;
  for (const part of node.children) {
    if (part.name !== 'InExpressions') {
      visit(part, withBound(inner, bound));
      continue;
    }
    for (const { children } of part.children) {
      const [name, ...source] = children;
      visitAll(source, inner);
      inner = withBound(inner, [nameOf(name)]);
    }
  }
}

function withBound(scope, names) {
  return { ...scope, bound: new Set([...scope.bound, ...names]) };
}
