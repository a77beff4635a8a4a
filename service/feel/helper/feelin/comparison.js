/** Equality and order of FEEL values (DMN 1.5, tables 42 to 45). */
import { sizeOf } from './durations.js';
import { comparableKind, isTemporal, kindOf } from './kinds.js';
import { report } from './runtime.js';

const ORDERED = ['number', 'string', 'date', 'time', 'date time', 'duration', 'months'];

/** Whether two values are the same one: null for values of different kinds. */
export function equals(a, b) {
  const [left, right] = [comparableKind(a), comparableKind(b)];
  if (left === 'nil' || right === 'nil') {
    return left === right;
  }
  return left === right ? EQUAL[left](a, b) : null;
}

/** The same also in how it is written: `is(…)` tells two zones apart. */
export function identical(a, b) {
  if (isTemporal(a) && isTemporal(b) && kindOf(a) === kindOf(b)) {
    return equals(a, b) && a.zone.equals(b.zone);
  }
  return equals(a, b) ?? false;
}

function same(a, b) {
  return a === b;
}

function sameMoment(a, b) {
  return a.toMillis() === b.toMillis();
}

function sameSize(a, b) {
  return sizeOf(a) === sizeOf(b);
}

function sameElements(a, b) {
  return a.length === b.length && a.every((element, index) => equals(element, b[index]) === true);
}

function sameEntries(a, b) {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && equals(a[name], b[name]) === true)
  );
}

function sameRange(a, b) {
  return sameEntries({ ...a }, { ...b }) && a.open.join() === b.open.join();
}

function sameFunction(a, b) {
  return a === b ? true : notComparable(a, b);
}

const EQUAL = {
  boolean: same,
  number: same,
  string: same,
  date: sameMoment,
  time: sameMoment,
  'date time': sameMoment,
  duration: sameSize,
  months: sameSize,
  list: sameElements,
  context: sameEntries,
  range: sameRange,
  function: sameFunction,
  literal: same,
};

export function isOrdered(value) {
  return ORDERED.includes(comparableKind(value));
}

/** -1, 0 or 1 for values of one ordered kind. Null beside null; other kinds are reported, and null. */
export function compared(a, b) {
  const [left, right] = [comparableKind(a), comparableKind(b)];
  if (left === 'nil' || right === 'nil') {
    return null;
  }
  if (left !== right || !ORDERED.includes(left)) {
    return notComparable(a, b);
  }
  return order(orderable(a, left), orderable(b, left));
}

function orderable(value, kind) {
  switch (kind) {
    case 'number': return value;
    case 'string': return value;
    case 'duration':
    case 'months': return sizeOf(value);
    default: return value.toMillis();
  }
}

function order(a, b) {
  if (typeof a === 'string') {
    return textOrder(a, b);
  }
  return a < b ? -1 : Number(a > b);
}

/** By code points: JavaScript's own order of texts is that of UTF-16 units. */
function textOrder(a, b) {
  const [left, right] = [a[Symbol.iterator](), b[Symbol.iterator]()];
  for (;;) {
    const [one, other] = [left.next(), right.next()];
    if (one.done || other.done) {
      return Number(other.done ?? false) - Number(one.done ?? false);
    }
    if (one.value !== other.value) {
      return Math.sign(one.value.codePointAt(0) - other.value.codePointAt(0));
    }
  }
}

function notComparable(left, right) {
  report('INVALID_TYPE', { left, right });
  return null;
}
