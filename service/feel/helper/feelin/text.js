/** Any FEEL value as text: `string(…)` (DMN 1.5, table 73). */
import { numberToText } from './decimals.js';
import { durationToISO } from './durations.js';
import { kindOf } from './kinds.js';
import { momentToText } from './moments.js';

export function toText(value) {
  return typeof value === 'string' ? value : literalOf(value);
}

/** As it is written within a list or a context: texts in quotes. */
function literalOf(value) {
  switch (kindOf(value)) {
    case 'nil': return 'null';
    case 'boolean': return String(value);
    case 'number': return numberToText(value);
    case 'string': return `"${value.replace(/["\\]/g, '\\$&')}"`;
    case 'list': return `[${value.map(literalOf).join(', ')}]`;
    case 'context': return `{${Object.entries(value).map(entryText).join(', ')}}`;
    case 'duration': return durationToISO(value);
    case 'range': return rangeText(value);
    case 'function':
    case 'literal': throw new Error('not implemented: string(function)');
    default: return momentToText(value);
  }
}

function entryText([name, value]) {
  return `${/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? name : literalOf(name)}: ${literalOf(value)}`;
}

function rangeText(range) {
  const [before, after] = [range['start included'] ? '[' : '(', range['end included'] ? ']' : ')'];
  return `${before}${literalOf(range.start)}..${literalOf(range.end)}${after}`;
}
