import { typeOf } from '@bpmn-io/feelin';

import { Failure } from './failure.js';
import { durationToISO } from './feelin/durations.js';
import { put } from './feelin/kinds.js';
import { momentToISO } from './feelin/moments.js';

export { put };

const DEEPEST = 64;

const NAMES = {
  nil: '空值',
  boolean: '真假值',
  number: '数字',
  string: '文字',
  context: '一组数据',
  list: '列表',
  duration: '时长',
  time: '时间',
  date: '日期',
  'date time': '日期时间',
  range: '范围',
  function: '函数',
};

/** The Chinese name of a value's type; an error may tell the type, never the value. */
export function typeName(value) {
  return NAMES[typeOf(value)] ?? '这种值';
}

/**
 * A FEEL value as JSON can say it: dates, times and durations as ISO 8601 text. `unsaid` answers for
 * functions and ranges. Throws Failure for what JSON cannot say: NaN, the infinities, and these.
 */
export function toJson(value, unsaid = refused, depth = 0) {
  if (depth > DEEPEST) {
    throw new Failure('evaluation', { detail: `结果嵌套超过 ${DEEPEST} 层` });
  }
  switch (typeOf(value)) {
    case 'nil': return null;
    case 'boolean': return value;
    case 'string': return storable(value);
    case 'number': return finite(value);
    case 'list': return Array.from(value, (element) => toJson(element, unsaid, depth + 1));
    case 'duration': return durationToISO(value);
    case 'date':
    case 'time':
    case 'date time': return momentToISO(value);
    case 'range':
    case 'function': return unsaid(value);
    default: return entriesToJson(value, unsaid, depth);
  }
}

function refused(value) {
  throw new Failure('evaluation', { detail: `结果是${typeName(value)}，不能保存` });
}

/** A text that a database can hold: no half of a character, no NUL. */
function storable(text) {
  if (!text.isWellFormed() || text.includes('\0')) {
    throw new Failure('evaluation', { detail: '结果里有不能保存的字符' });
  }
  return text;
}

function finite(number) {
  if (!Number.isFinite(number)) {
    throw new Failure('evaluation', { detail: '结果不是有限的数字' });
  }
  if (Number.isInteger(number) && !Number.isSafeInteger(number)) {
    throw new Failure('evaluation', { detail: '结果超过 15 位，无法精确计算' });
  }
  return number;
}

function entriesToJson(value, unsaid, depth) {
  if (typeof value !== 'object') {
    throw new Failure('evaluation', { detail: '结果是函数，不能保存' });
  }
  const result = {};
  for (const key of Object.keys(value)) {
    put(result, storable(key), toJson(value[key], unsaid, depth + 1));
  }
  return result;
}

/** An own entry of a context, or undefined. */
export function own(object, key) {
  return isContext(object) && Object.hasOwn(object, key) ? object[key] : undefined;
}

export function isContext(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
