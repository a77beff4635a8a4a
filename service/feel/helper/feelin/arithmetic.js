/** `+ - * / **` over FEEL values (DMN 1.5, tables 48 to 53). */
import { sameKindOfDuration, sizeOf, timeDuration } from './durations.js';
import { comparableKind } from './kinds.js';
import { dayOf, hasZone, inCalendar, startOf, wrapped } from './moments.js';
import { report } from './runtime.js';

const DAY_MS = 86_400_000;

/** The result, or undefined when the operator does not go with these kinds. */
export function arithmetic(operator, a, b) {
  const operation = OPERATIONS[operator][`${comparableKind(a)} ${comparableKind(b)}`];
  const result = operation?.(a, b);
  return result === null && operator !== '/' ? tooLarge() : result;
}

/** A number worked out of others, unless whole ones made one that is not held exactly: reported. */
export function held(result, numbers) {
  const isWhole = Number.isInteger(result) && numbers.every(Number.isInteger);
  return Number.isFinite(result) && (!isWhole || Number.isSafeInteger(result)) ? result : tooLarge();
}

function tooLarge() {
  report('TOO_LARGE', {});
  return null;
}

/** `-value`, or undefined. */
export function negated(value) {
  switch (comparableKind(value)) {
    case 'number': return -value + 0;
    case 'duration':
    case 'months': return sameKindOfDuration(value, -sizeOf(value));
    default: return undefined;
  }
}

function plusMonths(moment, months) {
  return inCalendar(moment.plus({ months: sizeOf(months) }));
}

function plusTime(moment, duration) {
  return inCalendar(moment.plus({ milliseconds: sizeOf(duration) }));
}

function datePlusTime(date, duration) {
  const moment = plusTime(date, duration);
  return moment && dayOf(moment);
}

function timePlusTime(time, duration) {
  return wrapped(time.plus({ milliseconds: sizeOf(duration) % DAY_MS }));
}

function between(a, b) {
  return timeDuration(a.toMillis() - b.toMillis());
}

/** A date begins in UTC, as DMN says; against a moment without a zone that cannot be told. */
function momentMinusDate(moment, date) {
  return hasZone(moment) ? between(moment, startOf(date)) : undefined;
}

function dateMinusMoment(date, moment) {
  return hasZone(moment) ? between(startOf(date), moment) : undefined;
}

function sumOf(a, b) {
  return sameKindOfDuration(a, sizeOf(a) + sizeOf(b));
}

function differenceOf(a, b) {
  return sameKindOfDuration(a, sizeOf(a) - sizeOf(b));
}

function times(duration, number) {
  return sameKindOfDuration(duration, sizeOf(duration) * number);
}

function per(duration, number) {
  return number === 0 ? null : times(duration, 1 / number);
}

function ratio(a, b) {
  return sizeOf(b) === 0 ? null : sizeOf(a) / sizeOf(b);
}

function less(minus, negate) {
  return (moment, duration) => minus(moment, negate(duration));
}

const flipped = (operation) => (a, b) => operation(b, a);

const OPERATIONS = {
  '+': {
    'number number': (a, b) => held(a + b, [a, b]),
    'string string': (a, b) => a + b,
    'date months': plusMonths,
    'months date': flipped(plusMonths),
    'date duration': datePlusTime,
    'duration date': flipped(datePlusTime),
    'date time months': plusMonths,
    'months date time': flipped(plusMonths),
    'date time duration': plusTime,
    'duration date time': flipped(plusTime),
    'time duration': timePlusTime,
    'duration time': flipped(timePlusTime),
    'duration duration': sumOf,
    'months months': sumOf,
  },
  '-': {
    'number number': (a, b) => held(a - b, [a, b]),
    'date date': between,
    'date time date time': between,
    'date time date': momentMinusDate,
    'date date time': dateMinusMoment,
    'time time': between,
    'date months': less(plusMonths, negated),
    'date duration': less(datePlusTime, negated),
    'date time months': less(plusMonths, negated),
    'date time duration': less(plusTime, negated),
    'time duration': less(timePlusTime, negated),
    'duration duration': differenceOf,
    'months months': differenceOf,
  },
  '*': {
    'number number': (a, b) => held(a * b, [a, b]),
    'number duration': flipped(times),
    'duration number': times,
    'number months': flipped(times),
    'months number': times,
  },
  '/': {
    'number number': (a, b) => (b === 0 ? null : held(a / b, [a, b])),
    'duration number': per,
    'months number': per,
    'duration duration': ratio,
    'months months': ratio,
  },
  '**': { 'number number': (a, b) => held(a ** b, [a, b]) },
};
OPERATIONS['^'] = OPERATIONS['**'];
