import { typeOf } from '@bpmn-io/feelin';

import { Failure } from './failure.js';
import { typeName } from './values.js';

/**
 * The first warning that stands for a wrong value, as a Failure, or null. A property of null and an
 * entry that a context lacks are null, as FEEL says, and no error.
 */
export function failureIn(warnings, text) {
  for (const warning of warnings) {
    const failure = WARNINGS[warning.type]?.(warning, text, warnings);
    if (failure) {
      return failure;
    }
  }
  return null;
}

/** The first name or function that is missing, as a Failure, or null: all else may be null. */
export function missingIn(warnings, text) {
  return failureIn(
    warnings.filter(({ type }) => type === 'NO_VARIABLE_FOUND' || type === 'NO_FUNCTION_FOUND'),
    text,
  );
}

const WARNINGS = {
  NO_VARIABLE_FOUND(warning, text, warnings) {
    const name = slice(text, warning.position).replace(/\s+/g, ' ');
    const isCalled = warnings.some(
      ({ type, position }) => type === 'NO_FUNCTION_FOUND' && position.from === warning.position.from,
    );
    return isCalled ? failed(`没有「${name}」这个函数`) : new Failure('name-missing', { name });
  },
  NO_FUNCTION_FOUND: (warning, text) => failed(`「${slice(text, warning.position)}」调用的不是函数`),
  FUNCTION_INVOCATION_FAILURE: (warning, text) =>
    failed(`「${slice(text, warning.position)}」的参数个数或名称不对`),
  NO_PROPERTY_FOUND(warning, text) {
    const { target } = warning.details.values;
    return typeOf(target) === 'nil'
      ? null
      : failed(`${typeName(target)}没有「${slice(text, warning.position)}」这一项`);
  },
  INVALID_TYPE(warning, text) {
    const { left, right } = warning.details.values;
    const operation = warning.position ? `「${slice(text, warning.position)}」运算` : '比较或运算';
    return failed(`${typeName(left)}和${typeName(right)}之间不能做${operation}`);
  },
  NOT_BOOLEAN: ({ details }) => failed(`条件的结果应为真或假，实际是${typeName(details.values.value)}`),
  NOT_STEPS: () => failed('范围的两端应为整数或日期，才能逐个列出'),
  TOO_LARGE: () => failed('中间结果超过 15 位或超出日期范围，无法精确计算'),
  NOT_NEGATABLE: ({ details }) => failed(`${typeName(details.values.value)}不能取负`),
  DUPLICATE_KEY: ({ details }) => failed(`「${details.values.name}」在一组数据里出现两次`),
  CALL_MISMATCH: () => failed('参数里的函数，参数个数不对'),
  ASSERTION_FAILED: () => failed('assert 的条件不成立'),
  NO_CALENDAR: () => failed('这里没有工作日历，工作日由服务器计算'),
  OUTSIDE_CALENDAR: ({ details: { values } }) =>
    failed(`工作日历只有 ${values.first} 年至 ${values.last} 年，算不出这个日期`),
  DAYS_TOO_MANY: ({ details }) => failed(`一次最多计算 ${details.values.most} 个工作日`),
  DAYS_NOT_WHOLE: () => failed('工作日的天数应为整数'),
  NO_DATE_TEXT: () => failed('计算工作日的文字不是日期，应写成 2026-03-02 的样子'),
  MISSING_ARGUMENT: ({ details }) => failed(`函数「${details.values.name}」缺少参数`),
  INVALID_PARAMETER: ({ details }) =>
    failed(`参数「${details.values.name}」不能是${typeName(details.values.value)}`),
  INVALID_ARGUMENT: ({ details }) =>
    failed(`函数「${details.values.name}」的参数不能是${typeName(details.values.value)}`),
};

function failed(detail) {
  return new Failure('evaluation', { detail });
}

function slice(text, { from, to }) {
  return text.slice(from, Math.min(to, from + 80));
}
