/** Context functions (DMN 1.5, table 80). */
import { isNil, kindOf } from '../kinds.js';
import { builtin } from '../signatures.js';

function entriesOf(context) {
  return Object.entries(context).map(([key, value]) => ({ key, value }));
}

function valueOf(context, key) {
  return Object.hasOwn(context, key) ? (context[key] ?? null) : null;
}

/** The value at the end of a path of keys. */
function valueAt(context, keys) {
  return keys.reduce((value, key) => (kindOf(value) === 'context' ? valueOf(value, key) : null), context);
}

/** The context of entries `{ key, value }`; null when one has another form, or a key comes twice. */
function contextOf(entries) {
  const keys = entries.map(({ key }) => key);
  const whole = entries.every((entry) => typeof entry.key === 'string' && Object.hasOwn(entry, 'value'));
  return whole && new Set(keys).size === keys.length
    ? Object.fromEntries(entries.map(({ key, value }) => [key, value]))
    : null;
}

function put(context, [key, ...rest], value) {
  if (!rest.length) {
    return withEntry(context, key, value);
  }
  const inner = valueOf(context, key);
  const changed = kindOf(inner) === 'context' ? put(inner, rest, value) : null;
  return changed && withEntry(context, key, changed);
}

function withEntry(context, key, value) {
  return Object.fromEntries([...Object.entries(context), [key, value]]);
}

function putAt(context, keys, value) {
  return keys.length && !keys.some(isNil) ? put(context, keys, value) : null;
}

const contexts = {
  'get value': {
    'm: context, key: string': valueOf,
    'context: context, keys: list of string': valueAt,
  },
  'get entries': { 'm: context': entriesOf },
  context: { '...entries: context': contextOf },
  'context put': {
    'context: context, key: string, value: any': (context, key, value) => withEntry(context, key, value),
    'context: context, keys: list of string, value: any': putAt,
  },
  'context merge': {
    '...contexts: context': (all) => Object.fromEntries(all.flatMap(Object.entries)),
  },
};

export default Object.entries(contexts).map(([name, forms]) => builtin(name, forms));
