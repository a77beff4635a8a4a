/** String functions (DMN 1.5, table 75). Texts are counted in code points. */
import { patternFrom, replaced } from '../patterns.js';
import { builtin } from '../signatures.js';

function substring(text, start, length) {
  if (!Number.isInteger(start) || start === 0 || (length !== undefined && length < 1)) {
    return null;
  }
  const points = Array.from(text);
  const first = start < 0 ? points.length + start : start - 1;
  if (first < 0) {
    return null;
  }
  return points.slice(first, length === undefined ? undefined : first + Math.trunc(length)).join('');
}

function before(text, match) {
  const index = text.indexOf(match);
  return index < 0 ? '' : text.slice(0, index);
}

function after(text, match) {
  const index = text.indexOf(match);
  return index < 0 ? '' : text.slice(index + match.length);
}

function replace(input, pattern, replacement, flags) {
  return replaced(input, patternFrom(pattern, flags ?? '', 'g'), replacement);
}

/** The parts between the matches; JavaScript's own `split` would add the groups. */
function split(text, delimiter) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(patternFrom(delimiter, '', 'g'))) {
    if (match[0] === '') {
      return Array.from(text);
    }
    parts.push(text.slice(from, match.index));
    from = match.index + match[0].length;
  }
  return [...parts, text.slice(from)];
}

function join(list, delimiter) {
  return list.filter((part) => part !== null).join(delimiter ?? '');
}

const strings = {
  substring: { 'string: string, start position: number, length?: number': substring },
  'string length': { 'string: string': (text) => Array.from(text).length },
  'upper case': { 'string: string': (text) => text.toUpperCase() },
  'lower case': { 'string: string': (text) => text.toLowerCase() },
  'substring before': { 'string: string, match: string': before },
  'substring after': { 'string: string, match: string': after },
  replace: { 'input: string, pattern: string, replacement: string, flags?: string|null': replace },
  contains: { 'string: string, match: string': (text, match) => text.includes(match) },
  'starts with': { 'string: string, match: string': (text, match) => text.startsWith(match) },
  'ends with': { 'string: string, match: string': (text, match) => text.endsWith(match) },
  matches: {
    'input: string, pattern: string, flags?: string|null': (input, pattern, flags) =>
      patternFrom(pattern, flags ?? '').test(input),
  },
  split: { 'string: string, delimiter: string': split },
  'string join': { 'list: list of string|null, delimiter?: string|null': join },
};

export default Object.entries(strings).map(([name, forms]) => builtin(name, forms));
