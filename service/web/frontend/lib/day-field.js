import flatpickr from 'flatpickr';
import { Mandarin } from 'flatpickr/dist/l10n/zh.js';
import { _ } from './texts.js';

const YEAR_FIRST = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/;
const FIGURES = /^(\d{4})(\d{2})(\d{2})$/;

/**
 * Lets fields for a day show 2026年7月1日 as the rest of the page does, whatever the browser's
 * language, and take what people type: 2026-7-1, 2026/07/01, 2026.7.1, 20260701.
 */
export function writeDaysInOneWay() {
  flatpickr.localize({ ...Mandarin, monthAriaLabel: _('月份'), yearAriaLabel: _('年份') });
  // Of the defaults alone a plugin's formats outlast a configuration that says none.
  flatpickr.setDefaults({ plugins: [() => ({ formatDate: said, parseDate: read })] });
}

function said(day) {
  return `${day.getFullYear()}年${day.getMonth() + 1}月${day.getDate()}日`;
}

/** Nothing of a day that no calendar has, such as 2月30日. */
function read(text) {
  const [, year, month, day] = YEAR_FIRST.exec(text) ?? FIGURES.exec(text) ?? [];
  const found = new Date(Number(year), Number(month) - 1, Number(day));
  return found.getMonth() === Number(month) - 1 ? found : undefined;
}
