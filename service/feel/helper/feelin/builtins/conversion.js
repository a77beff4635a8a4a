/** Conversion functions (DMN 1.5, table 73) and `range` (table 79). */
import { durationFrom, monthsDuration, sizeOf } from '../durations.js';
import { kindOf } from '../kinds.js';
import { clockOf, dateFrom, dateOf, dayOf, momentFrom, momentOf, timeFrom, timeOf } from '../moments.js';
import { Range } from '../range.js';
import { builtin } from '../signatures.js';
import { toText } from '../text.js';

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

function numberFrom(text, grouping = null, point = null) {
  if (!separates(grouping, [' ', ',', '.']) || !separates(point, [',', '.']) || (grouping && grouping === (point ?? '.'))) {
    return null;
  }
  const plain = grouping ? text.replaceAll(grouping, '') : text;
  const digits = point === ',' ? plain.replaceAll('.', '#').replace(',', '.') : plain;
  const number = NUMBER.test(digits) ? Number(digits) : NaN;
  return Number.isFinite(number) && (Number.isSafeInteger(number) || !Number.isInteger(number)) ? number : null;
}

function separates(separator, known) {
  return separator === null || known.includes(separator);
}

/** A date, or the day of a moment in ISO 8601, which a variable may hold as text. */
function dateFromText(text) {
  const moment = dateFrom(text) ?? momentFrom(text);
  return moment && dayOf(moment);
}

/** A moment, or the beginning of a day in the zone of the pool. */
function momentFromText(text) {
  return momentFrom(text) ?? (dateFrom(text) && momentFrom(`${text}T00:00:00`));
}

function timeWithOffset(hour, minute, second, offset = null) {
  return timeOf(hour, minute, second, offset === null ? null : sizeOf(offset) / 60_000);
}

/** Whole months by the days alone, whatever the hour. */
function monthsBetween(from, to) {
  const months = (to.year - from.year) * 12 + to.month - from.month;
  const incomplete = months > 0 && to.day < from.day ? -1 : Number(months < 0 && to.day > from.day);
  return monthsDuration(months + incomplete);
}

/** What stands behind an `@`. */
function literal(text) {
  return durationFrom(text) ?? timeFrom(text) ?? dateFrom(text) ?? momentFrom(text);
}

const END = String.raw`\s*((?:date and time|date|time|duration)\(\s*"[^"]*"\s*\)|@"[^"]*"|"(?:[^"\\]|\\.)*"|-?[\d.]+(?:e[+-]?\d+)?|null)?\s*`;
const RANGE = new RegExp(String.raw`^\s*([[\](])${END}\.\.${END}([[\])])\s*$`, 'i');

function rangeFrom(text) {
  const match = RANGE.exec(text);
  if (!match) {
    return null;
  }
  const [, before, first, last, after] = match;
  const [start, end] = [first, last].map(endFrom);
  const known = [first, last].every((written, index) => isOpen(written) || [start, end][index] !== null);
  if (!known || (isOpen(first) && (isOpen(last) || before === '[')) || (isOpen(last) && after === ']')) {
    return null;
  }
  if (start !== null && end !== null && (kindOf(start) !== kindOf(end) || start > end)) {
    return null;
  }
  return new Range(start, end, before === '[', after === ']');
}

function isOpen(written) {
  return written === undefined || written === 'null';
}

function endFrom(written) {
  if (isOpen(written)) {
    return null;
  }
  const text = /"(.*)"/s.exec(written)?.[1];
  switch (written.slice(0, written.indexOf('"') + 1).replace(/\s*"$/, '')) {
    case '': return text === undefined ? numberFrom(written) : text.replace(/\\(.)/gs, '$1');
    case '@': return literal(text);
    case 'date(': return dateFrom(text);
    case 'time(': return timeFrom(text);
    case 'date and time(': return momentFrom(text);
    default: return durationFrom(text);
  }
}

const conversion = {
  number: { 'from: string, grouping separator?: string|null, decimal separator?: string|null': numberFrom },
  string: { 'from: any': (value) => (value === null ? null : toText(value)) },
  date: {
    'from: string': dateFromText,
    'from: date|date time': dayOf,
    'year: number, month: number, day: number': dateOf,
  },
  'date and time': {
    'from: string': momentFromText,
    'date: date|date time, time: time': momentOf,
  },
  time: {
    'from: string': timeFrom,
    'from: time': (time) => time,
    'from: date|date time': clockOf,
    'hour: number, minute: number, second: number, offset?: duration|null': timeWithOffset,
  },
  duration: { 'from: string': durationFrom, 'from: duration': (duration) => duration },
  'years and months duration': { 'from: date|date time, to: date|date time': monthsBetween },
  '@': { 'from: string': literal },
  range: { 'from: string': rangeFrom },
};

export default Object.entries(conversion).map(([name, forms]) => builtin(name, forms));
