/** Temporal functions (DMN 1.5, tables 78 and 80) and `is`. */
import { identical } from '../comparison.js';
import { dateOf } from '../moments.js';
import { builtin } from '../signatures.js';

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MONTHS = [
  'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October',
  'November', 'December',
];

const DATE = 'date: date|date time';

const temporal = {
  is: { 'value1: any, value2: any': identical },
  'day of year': { [DATE]: (date) => date.ordinal },
  'day of week': { [DATE]: (date) => DAYS[date.weekday - 1] },
  'month of year': { [DATE]: (date) => MONTHS[date.month - 1] },
  'week of year': { [DATE]: (date) => date.weekNumber },
  'last day of month': { [DATE]: (date) => dateOf(date.year, date.month, date.daysInMonth) },
};

export default Object.entries(temporal).map(([name, forms]) => builtin(name, forms));
