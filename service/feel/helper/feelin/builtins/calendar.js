/** Working days: no functions of the standard, but of every office. In Chinese and in English. */
import { SystemZone } from 'luxon';

import { kindOf } from '../kinds.js';
import { dateFrom, dayOf, momentFrom } from '../moments.js';
import { report } from '../runtime.js';
import { builtin } from '../signatures.js';
import {
  hasCalendar, isInReach, isWorked, MOST_DAYS, reach, workingDayAfter, workingDaysBetween,
} from '../working-days.js';

/** A date; the day of a moment where the office is; either as text, as a form's field holds it. */
const DATE = 'date|date time|string';

function added(date, n) {
  if (!Number.isInteger(n)) {
    return failed('DAYS_NOT_WHOLE', {});
  }
  if (Math.abs(n) > MOST_DAYS) {
    return failed('DAYS_TOO_MANY', { most: MOST_DAYS });
  }
  return asked([date], (day) => workingDayAfter(day, n) ?? failed('OUTSIDE_CALENDAR', reach()));
}

function counted(from, to) {
  return asked([from, to], workingDaysBetween);
}

function isWorkingDay(date) {
  return asked([date], isWorked);
}

function asked(values, answer) {
  if (!hasCalendar()) {
    return failed('NO_CALENDAR', {});
  }
  const days = values.map(dayFrom);
  if (days.includes(null)) {
    return failed('NO_DATE_TEXT', {});
  }
  return days.every(isInReach) ? answer(...days) : failed('OUTSIDE_CALENDAR', reach());
}

function dayFrom(value) {
  if (kindOf(value) === 'string') {
    const read = dateFrom(value) ?? momentFrom(value);
    return read && dayFrom(read);
  }
  return kindOf(value) === 'date' ? value : dayOf(value.setZone(SystemZone.instance));
}

function failed(type, values) {
  report(type, values);
  return null;
}

export default [
  builtin('工作日后', { [`日期: ${DATE}, n: number`]: added }),
  builtin('工作日数', { [`从: ${DATE}, 到: ${DATE}`]: counted }),
  builtin('是工作日', { [`日期: ${DATE}`]: isWorkingDay }),
  builtin('add working days', { [`date: ${DATE}, n: number`]: added }),
  builtin('count working days', { [`from: ${DATE}, to: ${DATE}`]: counted }),
  builtin('is working day', { [`date: ${DATE}`]: isWorkingDay }),
];
