/** What FEEL sees of a date, a time, a duration or a range (DMN 1.5, tables 62 to 64). */
import { IANAZone } from 'luxon';

import { timeDuration } from './durations.js';
import { isMonths, kindOf } from './kinds.js';
import { hasZone } from './moments.js';

const DATE = ['year', 'month', 'day', 'weekday'];
const TIME = ['hour', 'minute', 'second', 'time offset', 'timezone'];
const RANGE = ['start', 'end', 'start included', 'end included'];
const MONTHS = ['years', 'months'];
const DAYS = ['days', 'hours', 'minutes', 'seconds'];

const SPECIAL = {
  'time offset': (value) => (hasZone(value) ? timeDuration(value.offset * 60_000) : null),
  timezone: ({ zone }) => (zone instanceof IANAZone ? zone.name : null),
};

const NAMES = {
  date: () => DATE,
  time: () => TIME,
  'date time': () => [...DATE, ...TIME],
  duration: (value) => (isMonths(value) ? MONTHS : DAYS),
  range: () => RANGE,
  list: () => [],
  function: () => [],
};

/** Whether a value is one whose properties are those of FEEL alone, not JavaScript's. */
export function hasOwnProperties(value) {
  return Object.hasOwn(NAMES, kindOf(value));
}

/**
 * The property, or undefined when FEEL knows none of that name. A decision file that has a name such
 * as `start included` itself writes `_` for the gap, here too.
 */
export function propertyOf(value, written) {
  const name = written.replaceAll('_', ' ');
  if (!NAMES[kindOf(value)](value).includes(name)) {
    return undefined;
  }
  return Object.hasOwn(SPECIAL, name) ? SPECIAL[name](value) : value[name];
}
