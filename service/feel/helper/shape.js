import { Failure } from './failure.js';

const DEEPEST = 64;
const NAME = /^[\p{L}\p{N}_]+$/u;

/** Words that FEEL reads otherwise when the context has an entry of that name. */
const READ_OTHERWISE = new Set([
  'date', 'time', 'duration', 'true', 'false', 'null', 'and', 'or', 'not', 'if', 'then', 'else',
  'for', 'in', 'return', 'some', 'every', 'satisfies', 'between', 'function', 'external',
  'instance', 'of', 'list', 'context', 'range',
]);

/**
 * What of a context, beside its own names, decides how a text is read: the names within it.
 * `key` stands for them; it is null when a name is no plain identifier (`a-b`), and then a text
 * must be read anew. Throws Failure when the context is nested too deep.
 */
export function shapeOf(context) {
  const found = new Set();
  const plain = collect(context, found, 0);
  return { key: plain ? [...found].sort().join(' ') : null };
}

function collect(value, found, depth) {
  if (typeof value !== 'object' || value === null) {
    return true;
  }
  if (depth > DEEPEST) {
    throw new Failure('too-deep', { limit: DEEPEST });
  }
  let plain = true;
  if (Array.isArray(value)) {
    for (const element of value) {
      plain = collect(element, found, depth + 1) && plain;
    }
    return plain;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) {
    return true; // a date or a duration that an expression made: it has no names of its own
  }
  for (const key of Object.keys(value)) {
    if (READ_OTHERWISE.has(key)) {
      found.add(key);
    } else if (!NAME.test(key)) {
      plain = false;
    }
    plain = collect(value[key], found, depth + 1) && plain;
  }
  return plain;
}
