/** The parts of feelin's interpreter that are ours; the patches call them. */
import { arithmetic, negated } from './arithmetic.js';
import { compared, equals } from './comparison.js';
import { isNil, kindOf, put } from './kinds.js';
import { booleanOf, someHolds } from './logic.js';
import { PointRange, Range } from './range.js';
import { report } from './runtime.js';
import { typeTest } from './types.js';

const STRINGS_AND_COMMENTS = /"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[^]*?\*\//g;

const ESCAPE = /\\(?:([nrt"'\\])|u([\da-fA-F]{4})|U((?:0[\da-fA-F]|10)[\da-fA-F]{4}))/g;
const ESCAPED = { n: '\n', r: '\r', t: '\t' };

/** The number that is written; throws when the computer cannot hold it. */
export function numberLiteral(text) {
  const number = Number(text.replace(/\s+/g, ''));
  if (!Number.isFinite(number) || (Number.isInteger(number) && !Number.isSafeInteger(number))) {
    throw new Error('inexact number');
  }
  return number;
}

/** The text between the quotes, by the escapes of the grammar (rule 64). */
export function textLiteral(written) {
  return written.slice(1, -1).replace(ESCAPE, (whole, letter, short, long) => {
    const code = short ?? long;
    return code ? String.fromCodePoint(parseInt(code, 16)) : (ESCAPED[letter] ?? letter);
  });
}

/** What stands behind an `@`; throws for what is no date, time or duration. */
export function atLiteral(value) {
  if (value === null) {
    throw new Error('illegal literal');
  }
  return value;
}

export function calculated(operator, a, b, refuse) {
  const result = arithmetic(operator, a, b);
  if (result === undefined) {
    refuse({ left: a, right: b });
  }
  return result ?? null;
}

/** What a comparison without a left side stands for. */
export function comparisonTest(text, test, value) {
  const isExcluded = text.startsWith('!');
  return isExcluded || text.startsWith('=') ? new PointRange(value, isExcluded, test) : test;
}

export function negative(value) {
  const result = negated(value);
  if (result === undefined) {
    report('NOT_NEGATABLE', { value });
  }
  return result ?? null;
}

export function between(value, start, end) {
  const [after, before] = [compared(value, start), compared(value, end)];
  if ((after !== null && after < 0) || (before !== null && before > 0)) {
    return false;
  }
  return after === null || before === null ? null : true;
}

export function differs(a, b) {
  const same = equals(a, b);
  return same === null ? null : !same;
}

/** Whether a text asks for `?` itself, so that its result is the answer. */
export function asksInput(text) {
  return text.replace(STRINGS_AND_COMMENTS, '').includes('?');
}

/** Whether a value passes one of the tests behind `in` or of a decision table's cell. */
export function passes(value, tests, context, isCell) {
  return someHolds(tests, (test) => {
    const scope = test.asks ? { ...context, '?': value } : context;
    const wanted = test(scope);
    // a condition over other variables: the standard would compare it with the input
    const isAnswer = typeof wanted === 'boolean' && (test.asks || (isCell && typeof value !== 'boolean'));
    return isAnswer ? wanted : meets(value, wanted);
  });
}

function meets(value, wanted) {
  if (typeof wanted === 'function') {
    return wanted(value);
  }
  if (wanted instanceof PointRange) {
    return wanted.includes(value);
  }
  if (wanted instanceof Range) {
    return kindOf(value) === 'range' ? equals(value, wanted) : wanted.includes(value);
  }
  if (Array.isArray(wanted)) {
    return (Array.isArray(value) && equals(value, wanted)) || someHolds(wanted, (one) => meets(value, one) ?? false);
  }
  return equals(value, wanted);
}

/** `list[…]`: one element by its position, or those that pass a test (DMN 1.5, 10.3.2.5). */
export function filtered(target, filter, context, quietly) {
  if (isNil(target)) {
    return null;
  }
  const list = Array.isArray(target) ? target : [target];
  if (picks(filter, list, context, quietly)) {
    return elementAt(list, filter(context));
  }
  return list.filter((element) => {
    const result = filter(elementScope(context, element));
    const isTest = typeof result === 'function' || result instanceof Range;
    return booleanOf(isTest ? meets(element, result) : result) === true;
  });
}

function elementAt(list, position) {
  const index = position < 0 ? list.length + position : position - 1;
  return list[index] ?? null;
}

/** Whether the text picks by position; where it does not say, its value over the first element does. */
function picks(filter, list, context, quietly) {
  if (filter.type !== 'any') {
    return filter.type === 'number';
  }
  const scope = list.length ? elementScope(context, list[0]) : context;
  return typeof quietly(() => filter(scope))[0] === 'number';
}

function elementScope(context, element) {
  return Object.assign({}, context, { item: element }, kindOf(element) === 'context' ? element : null);
}

/**
 * A context whose later entries see the earlier ones; a key that comes twice is reported. One scope
 * grows with them: whatever keeps it for later (a function) copies it.
 */
export function contextOf(entries, context) {
  const scope = { ...context };
  const result = {};
  for (const entry of entries) {
    const [key, value] = entry(scope);
    if (Object.hasOwn(result, key)) {
      report('DUPLICATE_KEY', { name: key });
    }
    put(result, key, value);
    put(scope, key, value);
  }
  return result;
}

/** The arguments of a function of a diagram, each of the type it was declared with. */
export function typed(values, parameters) {
  return values.every((value, index) => {
    const { type } = parameters[index];
    const fits = !type || isNil(value) || typeTest(type)(value);
    if (!fits) {
      report('INVALID_PARAMETER', { name: parameters[index].name, value });
    }
    return fits;
  });
}
