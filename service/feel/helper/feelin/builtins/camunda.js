/** What Camunda 8 adds to the standard and diagrams use. `is defined` and `get or else` look at names, see additions.js. */
import { durationToISO } from '../durations.js';
import { kindOf } from '../kinds.js';
import { momentToISO } from '../moments.js';
import { patternFrom } from '../patterns.js';
import { report } from '../runtime.js';
import { builtin } from '../signatures.js';

const LONG_NUMBER = /\d{16}/;

function extract(text, pattern) {
  return Array.from(text.matchAll(patternFrom(pattern, '', 'g')), ([match]) => match);
}

function asserted(value, condition) {
  if (condition === true) {
    return value;
  }
  report('ASSERTION_FAILED', {});
  return null;
}

function toJson(value) {
  return JSON.stringify(plain(value));
}

/** The value as JSON can say it, as in the results of expressions. */
function plain(value) {
  switch (kindOf(value)) {
    case 'list': return value.map(plain);
    case 'context': return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
    case 'duration': return durationToISO(value);
    case 'date':
    case 'time':
    case 'date time': return momentToISO(value);
    case 'range':
    case 'function':
    case 'literal': throw new Error('not implemented: to json(function)');
    default: return value ?? null;
  }
}

/** What a JSON text says, or null when it is none, or has a number that would not stay exact. */
function fromJson(text) {
  try {
    const value = JSON.parse(text);
    return LONG_NUMBER.test(text) && hasInexact(value) ? null : value;
  } catch (error) {
    if (error instanceof SyntaxError) {
      return null;
    }
    throw error;
  }
}

function hasInexact(value) {
  if (typeof value === 'number') {
    return !Number.isSafeInteger(value) && Number.isInteger(value);
  }
  return typeof value === 'object' && value !== null && Object.values(value).some(hasInexact);
}

const camunda = {
  assert: {
    'value: any, condition: boolean|null': asserted,
    'value: any, condition: boolean|null, cause: string': asserted,
  },
  'is empty': { 'list: list|string|context': (value) => Object.keys(value).length === 0 },
  'is blank': { 'string: string': (text) => text.trim() === '' },
  trim: { 'string: string': (text) => text.trim() },
  extract: { 'string: string, pattern: string': extract },
  'to json': { 'value: any': toJson },
  'from json': { 'value: string': fromJson },
};

export default Object.entries(camunda).map(([name, forms]) => builtin(name, forms));
