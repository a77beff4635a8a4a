/**
 * Text appended to feelin's own module by the plugin, so it sees feelin's internals.
 * Nothing imports this file.
 */
/* eslint-disable no-undef, no-unused-vars */

const MISSING = ['NO_VARIABLE_FOUND', 'NO_CONTEXT_ENTRY_FOUND', 'NO_PROPERTY_FOUND'];

/** Names with a word of FEEL in them, which the parser must know to read them as one. */
const NAMES_WITH_KEYWORDS = { 'get or else': null };

/**
 * Parses once and gives a function of the context that answers `{ value, warnings }`.
 * `names` is an example of the context: its keys, at every depth, decide how the text is read.
 */
export function compile(expression, names, isUnaryTest = false) {
  const interpreterContext = new InterpreterContext();
  const { root } = isUnaryTest
    ? interpreter.unaryTest(expression, names, undefined, interpreterContext)
    : interpreter.evaluate(expression, names, undefined, interpreterContext);
  const run = isUnaryTest ? (context) => root(context)(context['?'] ?? null) : root;
  return (context) => {
    const outer = interpreterContext.warnings; // of the same text, when a function calls itself
    interpreterContext.warnings = [];
    try {
      const value = reportingTo(interpreterContext, () => run(context));
      return { value, warnings: interpreterContext.warnings };
    } finally {
      interpreterContext.warnings = outer;
    }
  };
}

/** A function that FEEL can call by position or by name. */
export function functionValue(call, parameterNames) {
  return wrapFunction(call, parameterNames);
}

export function isBuiltin(name) {
  return Object.hasOwn(builtins, name);
}

export function typeOf(value) {
  return getType(value);
}

/** The built-ins that look at names before there are values: `$lazy` gets the parameters unevaluated. */
const lazyBuiltins = {
  'is defined': Object.assign(() => null, { $lazy: isDefined }),
  'get or else': Object.assign(() => null, { $lazy: valueOrElse }),
};

const builtins = { ...standardBuiltins, ...lazyBuiltins };

function quietly(interpreterContext) {
  return (action) => {
    const outer = interpreterContext.warnings;
    interpreterContext.warnings = [];
    try {
      return [action(), interpreterContext.warnings];
    } finally {
      interpreterContext.warnings = outer;
    }
  };
}

function isDefined(context, parameters, interpreterContext) {
  const [values, warnings] = quietly(interpreterContext)(() => parameters(context));
  if (Object.keys(values).length !== 1) {
    report('MISSING_ARGUMENT', { name: 'is defined' });
    return null;
  }
  return !warnings.some(({ type }) => MISSING.includes(type));
}

/** The first value, or the second where the first is null or not there at all. */
function valueOrElse(context, parameters, interpreterContext) {
  const given = parameters.each ?? {};
  const [first, second] = [given[0] ?? given.value, given[1] ?? given.default];
  if (Object.keys(given).length !== 2 || !first || !second) {
    report('MISSING_ARGUMENT', { name: 'get or else' });
    return null;
  }
  const [value, warnings] = quietly(interpreterContext)(() => first(context));
  interpreterContext.warnings.push(...warnings.filter(({ type }) => !MISSING.includes(type)));
  return value ?? second(context);
}

/** `some` and `every`: `decide` is the one of the two over the scopes of the variables. */
function quantified(decide, contexts, condition, context) {
  const scopes = contexts(context);
  return getType(scopes) === 'list' ? decide(scopes, condition) : scopes;
}
