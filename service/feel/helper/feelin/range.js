/**
 * Ranges (DMN 1.5, 10.3.2.7): two ends of one kind, each included or not. The entries of `start`,
 * `end`, `start included` and `end included` are those that FEEL sees.
 */
import { compared, isOrdered } from './comparison.js';
import { comparableKind, kindOf } from './kinds.js';
import { dateOf } from './moments.js';
import { report } from './runtime.js';

/** A loop over more than this is a mistake, and would only fill the memory. */
const MOST_STEPS = 1_000_000;
const DAY_MS = 86_400_000;

export class Range {
  /** `open` are the ends that a comparison such as `(> 5)` leaves open, beside those that are null. */
  constructor(start, end, startIncluded, endIncluded, open = []) {
    this.start = start;
    this.end = end;
    this['start included'] = startIncluded;
    this['end included'] = endIncluded;
    Object.defineProperty(this, 'open', { value: open });
  }

  /** Whether a value lies within; null when that cannot be said. */
  includes(value) {
    const afterStart = this.#passes('start', value, (order) => order > 0);
    const beforeEnd = this.#passes('end', value, (order) => order < 0);
    if (afterStart === false || beforeEnd === false) {
      return false;
    }
    return afterStart === null || beforeEnd === null ? null : true;
  }

  #passes(end, value, passes) {
    if (this.open.includes(end)) {
      return value === null ? null : true;
    }
    const order = compared(value, this[end]);
    return order === null ? null : passes(order) || (order === 0 && this[`${end} included`]);
  }

  map(action) {
    return this.#steps().map(action);
  }

  /** The elements of a loop: whole numbers or days, from the lower end upwards. */
  #steps() {
    const [start, end] = [this.start, this.end].map(stepOf);
    if (start === null || end === null || kindOf(this.start) !== kindOf(this.end) || start > end) {
      return refused() ?? [];
    }
    const first = this['start included'] ? start : start + 1;
    const last = this['end included'] ? end : end - 1;
    return steps(first, last, kindOf(this.start));
  }
}

/** `a..b` of a loop, which may also count down. */
export function iterationRange(start, end) {
  const [first, last] = [start, end].map(stepOf);
  if (first === null || last === null || kindOf(start) !== kindOf(end)) {
    return start === null || end === null ? null : refused();
  }
  return first <= last ? steps(first, last, kindOf(start)) : steps(last, first, kindOf(start)).reverse();
}

function refused() {
  report('NOT_STEPS', {});
  return null;
}

function stepOf(value) {
  const kind = kindOf(value);
  if (kind === 'number') {
    return Number.isInteger(value) ? value : null;
  }
  return kind === 'date' ? value.toMillis() / DAY_MS : null;
}

function steps(first, last, kind) {
  if (last - first >= MOST_STEPS) {
    throw new Error('too many steps');
  }
  const numbers = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  return kind === 'date' ? numbers.map(dateOfStep) : numbers;
}

function dateOfStep(step) {
  const day = new Date(step * DAY_MS);
  return dateOf(day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate());
}

/** `(= 5)` and `(!= 5)`: ranges of one point (DMN 1.5, 10.3.2.7), also of what has no order. */
export class PointRange extends Range {
  #test;

  constructor(value, isExcluded, test) {
    super(value, value, !isExcluded, !isExcluded, [isExcluded ? '!=' : '=']);
    this.#test = test;
  }

  includes(value) {
    return this.#test(value);
  }
}

/** A range as it is written; throws when its ends are of different kinds or have no order. */
export function rangeOf(start, end, startIncluded, endIncluded) {
  if (start !== null && end !== null && (!isOrdered(start) || comparableKind(start) !== comparableKind(end))) {
    throw new Error('unsupported range');
  }
  return new Range(start, end, start !== null && startIncluded, end !== null && endIncluded);
}

const COMPARISONS = {
  '>': (value) => new Range(value, null, false, false, ['end']),
  '>=': (value) => new Range(value, null, true, false, ['end']),
  '<': (value) => new Range(null, value, false, false, ['start']),
  '<=': (value) => new Range(null, value, false, true, ['start']),
};

/** `(> 5)` and the like. */
export function comparisonRange(operator, value) {
  return COMPARISONS[operator](value);
}
