/** Patches of feelin's values, functions and parser; their form is told in index.js. */
export default [
  {
    why: 'the built-in functions are those of builtins/',
    find: 'const builtins = {',
    replace: 'const stockBuiltins = () => ({',
  },
  {
    why: 'the built-in functions are those of builtins/',
    find: "['context', 'list?', 'any', 'string?'], ['context', 'keys', 'value', 'key'])\n};",
    replace: "['context', 'list?', 'any', 'string?'], ['context', 'keys', 'value', 'key'])\n});",
  },
  {
    why: 'a built-in knows its forms and names of arguments itself',
    find: `invoke(contextOrArgs) {
        let params;`,
    replace: `invoke(contextOrArgs) {
        if (this.fn.$invoke) {
            return this.fn.$invoke(contextOrArgs);
        }
        let params;`,
  },
  {
    why: 'a call with the wrong number of arguments is one sign for all functions',
    find: 'const FUNCTION_PARAMETER_MISSMATCH = {};',
    replace: 'const FUNCTION_PARAMETER_MISSMATCH = MISMATCH;',
  },
  {
    why: 'a function of a diagram takes as many arguments as it declares',
    find: 'if (params.length > this.parameterNames.length) {',
    replace: 'if (params.length !== this.parameterNames.length) {',
  },
  {
    why: 'the kinds of values: a time is no moment of 1900, a duration has one of two kinds',
    find: 'function getType(e) {',
    replace: 'function stockGetType(e) {',
  },
  {
    why: 'equality by kinds: [1] is not 1, P1Y is not P365D, and one moment equals itself in two zones',
    find: 'function equals(a, b, strict = false) {',
    replace: 'function stockEquals(a, b, strict = false) {',
  },
  {
    why: 'ranges of every ordered kind, with ends that are null',
    find: 'class Range {',
    replace: 'class StockRange {',
  },
  {
    why: 'ranges of every ordered kind, with ends that are null',
    find: 'const nullRange = new Range({',
    replace: 'const nullRange = () => ({',
  },
  {
    why: 'dates, durations and ranges show the properties of FEEL, not those of JavaScript',
    find: `if (['nil', 'boolean', 'number', 'string'].includes(getType(context))) {
        return undefined;
    }`,
    replace: `if (['nil', 'boolean', 'number', 'string'].includes(getType(context))) {
        return undefined;
    }
    if (hasOwnProperties(context)) {
        return propertyOf(context, name);
    }`,
  },
  {
    why: 'the parser knows the built-ins whose names hold a word of FEEL',
    find: 'contextTracker: trackVariables(context),',
    replace: 'contextTracker: trackVariables({ ...NAMES_WITH_KEYWORDS, ...context }),',
    times: 2,
  },
  {
    why: 'a range is no function',
    find: `if (fn instanceof Range) {
        return new FunctionWrapper((value) => fn.includes(value), ['value']);
    }`,
    replace: '',
  },
];
