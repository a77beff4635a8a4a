/**
 * Built-in functions with their parameters as the standard lists them: by position or by name,
 * several forms of one function, and the conversions between a value and a list of that one value.
 */
import { compared } from './comparison.js';
import { isNil, kindOf } from './kinds.js';
import { startOf } from './moments.js';
import { report } from './runtime.js';

/** What a call answers whose number or names of arguments fit no form; feelin's own sign. */
export const MISMATCH = {};

const UNFIT = Symbol('unfit');
const PARAMETER = /^(\.\.\.)?([\p{L}\w ]+?)(\?)?: (.+)$/u;

/**
 * A built-in; `forms` maps texts such as `'list: list, start position: number, length?: number'` to
 * what they do. Kinds may be joined by `|`, `any` is any value, null too, `list of` tells the kinds
 * of its elements; `...` takes the rest as a list, or one list.
 */
export function builtin(name, forms) {
  const known = Object.entries(forms).map(([text, action]) => ({ parameters: parametersOf(text), action }));
  const called = (args) => call(name, known, args);
  const result = (...args) => called(args);
  result.$name = name;
  result.$args = known[0].parameters.map((parameter) => parameter.name);
  result.$invoke = called;
  return result;
}

function parametersOf(text) {
  return (text ? text.split(', ') : []).map((part) => {
    const [, rest, name, optional, kinds] = PARAMETER.exec(part);
    const [own, elements] = kinds.split(' of ');
    return {
      name,
      isRest: Boolean(rest),
      isOptional: Boolean(optional),
      kinds: own.split('|'),
      elements: elements?.split('|') ?? ['any'],
    };
  });
}

/** Calls a function value of FEEL, of a diagram or built in. */
export function invoke(called, args) {
  const result = called.$invoke ? called.$invoke(args) : called.invoke(args);
  if (result === MISMATCH) {
    report('CALL_MISMATCH', {});
    return null;
  }
  return result ?? null;
}

function call(name, forms, args) {
  const placed = forms.map((form) => ({ ...form, values: place(form, args) }));
  const fitting = inWrittenOrder(placed.filter(({ values }) => values), args);
  if (!fitting.length) {
    return MISMATCH;
  }
  for (const { values, parameters, action } of fitting) {
    const converted = values.map((value, index) => convert(value, parameters[index]));
    if (!converted.includes(UNFIT)) {
      return action(...converted);
    }
  }
  return refused(name, fitting);
}

/** `before(range: …, point: …)` is not `before(point: …, range: …)`: the form written so comes first. */
function inWrittenOrder(forms, args) {
  const written = Object.keys(args).join();
  return forms.toSorted((a, b) => Number(namesOf(b) === written) - Number(namesOf(a) === written));
}

function namesOf({ parameters }) {
  return parameters.map(({ name }) => name).join();
}

/** The arguments in the order of the parameters, or null when they are others. */
function place({ parameters }, args) {
  return Array.isArray(args) ? byPosition(parameters, args) : byName(parameters, args);
}

function byPosition(parameters, args) {
  const last = parameters.at(-1);
  if (!last?.isRest) {
    return args.length <= parameters.length ? parameters.map((_, index) => args[index]) : null;
  }
  const before = parameters.slice(0, -1).map((_, index) => args[index]);
  return [...before, restOf(args.slice(parameters.length - 1), last, parameters.length === 1)];
}

/** The one list that was given, or a list of what was given; undefined when nothing was. */
function restOf(rest, { kinds }, isAlone) {
  const isList = isAlone && rest.length === 1 && Array.isArray(rest[0]) && !kinds.includes('list');
  return isList ? rest[0] : rest.length ? rest : undefined;
}

function byName(parameters, args) {
  const known = parameters.map(({ name }) => name);
  const fits = Object.keys(args).every((name) => known.includes(name));
  return fits ? parameters.map(({ name, isRest }) => listed(args[name], isRest)) : null;
}

function listed(value, isRest) {
  return isRest && value !== undefined && !Array.isArray(value) ? [value] : value;
}

function convert(value, { kinds, elements, isOptional, isRest }) {
  if (value === undefined) {
    return isOptional ? undefined : UNFIT;
  }
  if (isRest) {
    return allFitted(value, kinds);
  }
  const converted = fitted(value, kinds);
  return Array.isArray(converted) && !elements.includes('any') ? allFitted(converted, elements) : converted;
}

function allFitted(list, kinds) {
  const all = list.map((element) => fittedElement(element, kinds));
  return all.includes(UNFIT) ? UNFIT : all;
}

/** An element of a list is not converted, but for the lists that a function takes one by one. */
function fittedElement(value, kinds) {
  if (kinds.includes('list')) {
    return fitted(value, kinds);
  }
  return isOf(kindOf(value), kinds) ? (value ?? null) : UNFIT;
}

function isOf(kind, kinds) {
  return kinds.includes('any') || kinds.includes(kind) || (kinds.includes('null') && kind === 'nil');
}

/** The value as one of these kinds (DMN 1.5, 10.3.2.9.4), or UNFIT. */
function fitted(value, kinds) {
  const kind = kindOf(value);
  if (isOf(kind, kinds)) {
    return value ?? null;
  }
  if (kind === 'nil') {
    return UNFIT;
  }
  if (kinds.includes('list') && kind !== 'list') {
    return [value];
  }
  if (kind === 'list' && value.length === 1) {
    return fitted(value[0], kinds);
  }
  return kind === 'date' && kinds.includes('date time') ? startOf(value) : UNFIT;
}

/** A null only makes null, anything else that is wrong is reported. */
function refused(name, fitting) {
  const problems = fitting.map((form) => problemsOf(name, form));
  for (const [type, values] of problems.every((list) => list.length) ? problems[0] : []) {
    report(type, values);
  }
  return null;
}

function problemsOf(name, { parameters, values }) {
  return parameters.flatMap((parameter, index) => problemOf(name, parameter, values[index]));
}

function problemOf(name, { kinds, elements, isOptional, isRest }, value) {
  if (value === undefined) {
    return isOptional ? [] : [['MISSING_ARGUMENT', { name }]];
  }
  const converted = isRest ? value : fitted(value, kinds);
  const list = Array.isArray(converted) ? converted : [];
  const wrong = converted === UNFIT ? [value] : list.filter((one) => fittedElement(one, isRest ? kinds : elements) === UNFIT);
  const known = wrong.filter((one) => !isNil(one));
  return known.slice(0, 1).map((one) => ['INVALID_ARGUMENT', { name, value: one }]);
}

/** The least or the greatest of a list by `sign`; null where two have no order. */
export function extreme(list, sign) {
  return list.reduce((best, value) => {
    const order = compared(value, best);
    return best === null || order === null ? null : order * sign > 0 ? value : best;
  }, list[0] ?? null);
}
