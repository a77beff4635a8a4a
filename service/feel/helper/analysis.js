import { compile, SyntaxError as FeelSyntaxError } from '@bpmn-io/feelin';

import { namesFor } from './compiled.js';
import { syntaxProblem } from './expressions.js';
import { wordsFor } from './failure.js';
import { withTypes } from './feelin/runtime.js';
import { freeNames } from './free-names.js';
import { syntaxTree } from './syntax-tree.js';

/**
 * What each expression needs, found without running it; `names` are those of the context, or null,
 * `types` those that the file defines.
 */
export function analyse({ expressions, names, types }) {
  const known = new Set(names ?? []);
  const context = Object.fromEntries([...known].map((name) => [name, null]));
  const isNull = (value) => value === null;
  return withTypes(
    (name) => (types.includes(name) ? isNull : undefined),
    () => expressions.map(({ text, unaryTest }) => analysed(text, unaryTest, context, known)),
  );
}

function analysed(text, isUnaryTest, context, known) {
  const example = isUnaryTest ? { ...context, '?': null } : context;
  const names = namesFor(text, example);
  const error = syntaxErrorIn(text, names, isUnaryTest);
  if (error) {
    return { errors: [error], required: [], optional: [], doubtful: [], functions: [] };
  }
  const found = freeNames(syntaxTree(text, names, isUnaryTest), known);
  return {
    errors: [],
    required: [...found.required],
    optional: [...found.optional].filter((name) => !found.required.has(name)),
    doubtful: [...found.doubtful].filter((name) => !found.required.has(name)),
    functions: [...found.functions],
  };
}

/** The first place where a text is no FEEL, or null. */
export function syntaxErrorIn(text, names, isUnaryTest) {
  try {
    compile(text, names, isUnaryTest);
    return null;
  } catch (error) {
    return error instanceof FeelSyntaxError
      ? syntaxProblem(error)
      : { position: 1, detail: wordsFor(error) };
  }
}
