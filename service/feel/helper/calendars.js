import { Failure } from './failure.js';
import { calendarFrom, setCalendar, usedCalendar } from './feelin/working-days.js';

let known = { revision: null, calendar: null };

/** Keeps a calendar under its revision, in the place of the one before. */
export function keepCalendar({ revision, table }) {
  known = { revision, calendar: calendarFrom(table) };
  return null;
}

/** Gives the expressions of a request the calendar that it names, or none. */
export function openCalendar(revision) {
  if (revision !== undefined && revision !== known.revision) {
    throw new Failure('evaluation', { detail: '工作日历不是所要的版本' });
  }
  setCalendar(revision === undefined ? null : known.calendar);
}

/** What the request used of its calendar, or undefined for nothing. */
export function closeCalendar() {
  const used = usedCalendar();
  setCalendar(null);
  return used.years.length ? used : undefined;
}
