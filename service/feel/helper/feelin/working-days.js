/**
 * The calendar of working days that the functions of `builtins/calendar.js` look up. Whoever runs
 * expressions gives the table; nothing here knows a holiday. As `service/domain/working_days.py`.
 */
import { dateOf } from './moments.js';

/** Working days that are counted at once. */
export const MOST_DAYS = 2_500;

/** Additions told of one call: an expression may add days in a loop. */
const MOST_TOLD = 50;

const DAY = 86_400_000;

let calendar = null;
let used = { years: new Set(), added: [] };

/**
 * Makes a calendar of a table: `{ first, last, off, on }`, the years it reaches, the weekdays that
 * are not worked and the weekend days that are, as ISO dates.
 */
export function calendarFrom({ first, last, off, on }) {
  const free = new Set(off.map(numberOfText));
  const swapped = new Set(on.map(numberOfText));
  const worked = [];
  for (let day = numberOf(first, 1, 1); day <= numberOf(last, 12, 31); day += 1) {
    const isWeekend = (day + 3) % 7 >= 5; // day 0, the first of January 1970, was a Thursday
    if (isWeekend ? swapped.has(day) : !free.has(day)) {
      worked.push(day);
    }
  }
  return { first, last, worked };
}

/** Sets the calendar that is asked from now on, null for none, and begins to note what is used. */
export function setCalendar(next) {
  calendar = next;
  used = { years: new Set(), added: [] };
}

/** The years looked at since the calendar was set, and `[from, n, day]` of each addition. */
export function usedCalendar() {
  return { years: [...used.years].sort((a, b) => a - b), added: used.added };
}

export function hasCalendar() {
  return calendar !== null;
}

/** The years that the calendar reaches. */
export function reach() {
  return { first: calendar.first, last: calendar.last };
}

export function isInReach({ year }) {
  return year >= calendar.first && year <= calendar.last;
}

/** Whether a date is a working day. */
export function isWorked(date) {
  note(date.year, date.year);
  const day = numberOfDate(date);
  return calendar.worked[below(day)] === day;
}

/** The nth working day behind a date, or before it; for 0 itself or the next. Undefined beyond reach. */
export function workingDayAfter(date, n) {
  const day = numberOfDate(date);
  const found = calendar.worked[n > 0 ? below(day + 1) + n - 1 : below(day) + n];
  if (found === undefined) {
    return undefined;
  }
  const result = dateOfNumber(found);
  note(date.year, result.year);
  if (used.added.length < MOST_TOLD) {
    used.added.push([date.toISODate(), n, result.toISODate()]);
  }
  return result;
}

/** The working days behind the first date up to the second; below 0 where that lies before. */
export function workingDaysBetween(from, to) {
  note(from.year, to.year);
  const [first, last] = [numberOfDate(from), numberOfDate(to)];
  const step = last >= first ? 1 : 0;
  return below(last + step) - below(first + step);
}

/** How many working days lie before a day. */
function below(day) {
  let [low, high] = [0, calendar.worked.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (calendar.worked[middle] < day) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

function note(one, other) {
  for (let year = Math.min(one, other); year <= Math.max(one, other); year += 1) {
    used.years.add(year);
  }
}

function numberOf(year, month, day) {
  return Date.UTC(year, month - 1, day) / DAY;
}

function numberOfDate({ year, month, day }) {
  return numberOf(year, month, day);
}

function numberOfText(text) {
  return numberOf(...text.split('-').map(Number));
}

function dateOfNumber(number) {
  const date = new Date(number * DAY);
  return dateOf(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
}
