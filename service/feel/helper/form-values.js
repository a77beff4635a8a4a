import { DateTime } from 'luxon';

import { isContext } from './values.js';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const DATE = String.raw`\d{4}-\d{2}-\d{2}`;
const TIME = String.raw`\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?`;
const MOMENTS = {
  date: { pattern: new RegExp(`^${DATE}$`), message: '请填写有效的日期，例如 2026-09-01。' },
  time: { pattern: new RegExp(`^${TIME}$`), message: '请填写有效的时间，例如 09:30。' },
  datetime: { pattern: new RegExp(`^${DATE}T${TIME}$`), message: '请填写有效的日期和时间，例如 2026-09-01T09:30。' },
};

/** What an untouched field holds in form-js counts as empty, and is written as null. */
export function isEmpty(value) {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** Why a value cannot belong to a field of this type, in Chinese, or null; empty values can. */
export function typeProblem(field, value) {
  return isEmpty(value) ? null : PROBLEMS[field.type](value, field);
}

const PROBLEMS = {
  textfield: textProblem,
  textarea: textProblem,
  number: numberProblem,
  checkbox: (value) => (typeof value === 'boolean' ? null : '应为“是”或“否”。'),
  radio: () => null,
  select: () => null,
  checklist: listProblem,
  taglist: listProblem,
  datetime: momentProblem,
  filepicker: filesProblem,
};

function textProblem(value) {
  return typeof value === 'string' ? null : '应为文字。';
}

function numberProblem(value, field) {
  const isNumber = typeof value === 'number' || (typeof value === 'string' && NUMBER.test(value.trim()));
  if (!isNumber || !Number.isFinite(Number(value))) {
    return '请输入数字。';
  }
  const isLossy = Number.isInteger(Number(value)) && !Number.isSafeInteger(Number(value));
  return isLossy && !field.serializeToString ? '数字太大，请核对。' : null;
}

function listProblem(value) {
  if (!Array.isArray(value)) {
    return '应为多个选项的列表。';
  }
  return new Set(value.map((choice) => JSON.stringify(choice))).size < value.length ? '有重复的选项。' : null;
}

function momentProblem(value, { subtype }) {
  const { pattern, message } = MOMENTS[subtype] ?? MOMENTS.date;
  return typeof value === 'string' && pattern.test(value) && DateTime.fromISO(value).isValid ? null : message;
}

function filesProblem(value) {
  const isList = Array.isArray(value) && value.every((file) => isContext(file) || (typeof file === 'string' && file));
  return isList ? null : '应为文件的列表。';
}

/** The day that a date or date-time shows here, as YYYY-MM-DD. */
export function localDay(value) {
  return DateTime.fromISO(value).toISODate();
}

export function today(now) {
  return DateTime.fromMillis(now).toISODate();
}
