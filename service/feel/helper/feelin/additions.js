/**
 * Text appended to feelin's own module by the plugin, so it sees feelin's internals.
 * Nothing imports this file.
 */
/* eslint-disable no-undef, no-unused-vars */

const MISSING = ['NO_VARIABLE_FOUND', 'NO_CONTEXT_ENTRY_FOUND', 'NO_PROPERTY_FOUND'];

for (const [name, builtin] of Object.entries(builtins)) {
  builtin.$name = name;
}

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
    interpreterContext.warnings = [];
    const value = reportingTo(interpreterContext, () => run(context));
    return { value, warnings: interpreterContext.warnings };
  };
}

export function isBuiltin(name) {
  return Object.hasOwn(builtins, name);
}

export function typeOf(value) {
  return getType(value);
}

function evaluateQuietly(interpreterContext, action) {
  const outer = interpreterContext.warnings;
  interpreterContext.warnings = [];
  try {
    return [action(), interpreterContext.warnings];
  } finally {
    interpreterContext.warnings = outer;
  }
}

function isDefined() {
  return null;
}

function isDefinedIn(context, parameters, interpreterContext) {
  const [values, warnings] = evaluateQuietly(interpreterContext, () => parameters(context));
  if (Object.keys(values).length !== 1) {
    report('MISSING_ARGUMENT', { name: 'is defined' });
    return null;
  }
  return !warnings.some(({ type }) => MISSING.includes(type));
}

function mismatch(left, right) {
  report('INVALID_TYPE', { left, right });
  return null;
}

function booleanOf(value) {
  if (isNil(value) || isBoolean(value)) {
    return value ?? null;
  }
  report('NOT_BOOLEAN', { value });
  return null;
}

/** Why a built-in refused its arguments: a null only makes null, anything else is reported. */
function refused(name, args, definitions) {
  for (const [index, definition] of definitions.entries()) {
    const value = args[index];
    if (value === undefined && !definition.endsWith('?')) {
      report('MISSING_ARGUMENT', { name });
    } else if (!isNil(value) && createArgTester(definition)(value) === FALSE) {
      report('INVALID_ARGUMENT', { name, value });
    }
  }
  return null;
}

/**
 * Compares like with like: JavaScript would turn a text into a number to compare it, and a date
 * into its midnight in UTC, which is no midnight here.
 */
function sameKind(includes, start, end) {
  const bound = start === null ? end : start;
  return (value) => (isNil(value) || getType(value) === getType(bound) ? includes(value) : mismatch(value, bound));
}

/** feelin knows a date by its zone: only what was written as a date may have that one. */
function readMoment(text, zone) {
  const moment = DateTime.fromISO(text.toUpperCase(), { setZone: true, zone });
  return moment.isValid && moment.zone === FixedOffsetZone.utcInstance && zone !== FixedOffsetZone.utcInstance
    ? DateTime.fromMillis(moment.toMillis(), { zone: new FixedOffsetZone(0) })
    : moment;
}

/** Whether `list[…]` picks by position or tests each element, where the text alone does not say. */
function filterType(filter, elements, context, interpreterContext) {
  if (filter.type !== 'any') {
    return filter.type;
  }
  const scope = elements.length ? elementScope(context, elements[0]) : context;
  const [probe] = evaluateQuietly(interpreterContext, () => filter(scope));
  return isNumber(probe) ? 'number' : 'test';
}

function elementScope(context, element) {
  return Object.assign({}, context, { item: element }, element);
}

/** DMN 1.3, 10.3.2.3.7 and .8: years and months are one kind, days and time another. */
export function durationToISO(duration) {
  const [value, sign] = duration.valueOf() < 0 ? [duration.negate(), '-'] : [duration, ''];
  const { years = 0, months = 0, ...daysAndTime } = value.toObject();
  return sign + Duration.fromObject({
    ...Duration.fromObject({ years, months }).shiftTo('years', 'months').toObject(),
    ...Duration.fromObject(daysAndTime).shiftTo('days', 'hours', 'minutes', 'seconds').toObject(),
  }).toISO();
}
