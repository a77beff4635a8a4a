/**
 * The kinds of FEEL values (DMN 1.5, 10.3.2.2) as feelin holds them: dates, times and moments are
 * luxon's DateTime, durations luxon's Duration.
 */
import { DateTime, Duration, FixedOffsetZone } from 'luxon';

import { Range } from './range.js';

/** A time of day is a moment of this year, which no calendar of ours reaches. */
export const TIME_YEAR = 200_000;

const TEMPORAL = ['date', 'time', 'date time'];

/** 'nil', 'boolean', 'number', 'string', 'context', 'list', 'duration', 'date', … of a value. */
export function kindOf(value) {
  if (value === null || value === undefined) {
    return 'nil';
  }
  switch (typeof value) {
    case 'boolean':
    case 'number':
    case 'string':
    case 'function': return typeof value;
    default: return kindOfObject(value);
  }
}

function kindOfObject(value) {
  if (Array.isArray(value)) {
    return 'list';
  }
  if (Object.getPrototypeOf(value) === Object.prototype) {
    return 'context';
  }
  if (Duration.isDuration(value)) {
    return 'duration';
  }
  if (DateTime.isDateTime(value)) {
    return kindOfMoment(value);
  }
  if (value instanceof Range) {
    return 'range';
  }
  return typeof value.invoke === 'function' ? 'function' : 'literal';
}

function kindOfMoment(value) {
  if (value.year === TIME_YEAR) {
    return 'time';
  }
  // a moment in UTC has a zone of its own, see `zoneOf` in moments.js
  return value.zone === FixedOffsetZone.utcInstance && value.valueOf() % 86_400_000 === 0 ? 'date' : 'date time';
}

export function isNil(value) {
  return value === null || value === undefined;
}

export function isTemporal(value) {
  return TEMPORAL.includes(kindOf(value));
}

/** Years and months are one kind of duration, days and time another (DMN 1.5, 10.3.2.3.7 and .8). */
export function isMonths(duration) {
  const { years, months } = duration.toObject();
  return years !== undefined || months !== undefined;
}

/** A kind as fine as comparison needs it: the two durations are different types. */
export function comparableKind(value) {
  const kind = kindOf(value);
  return kind === 'duration' && isMonths(value) ? 'months' : kind;
}

/** Sets an own entry, whatever its name: `__proto__` is data like any other. */
export function put(object, key, value) {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    object[key] = value;
  }
}
