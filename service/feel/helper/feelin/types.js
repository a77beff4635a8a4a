/** `instance of` (DMN 1.5, 10.3.2.2 and table 55). */
import { isMonths, kindOf } from './kinds.js';
import { ownType } from './runtime.js';

const TOKEN = /\s*(->|[<>,:]|[^\s<>,:-]+(?:\s+[^\s<>,:-]+)*)/gy;

const SIMPLE = {
  Any: () => true,
  Null: () => false,
  number: kindIs('number'),
  string: kindIs('string'),
  boolean: kindIs('boolean'),
  date: kindIs('date'),
  time: kindIs('time'),
  'date and time': kindIs('date time'),
  'days and time duration': (value) => kindOf(value) === 'duration' && !isMonths(value),
  'years and months duration': (value) => kindOf(value) === 'duration' && isMonths(value),
  list: kindIs('list'),
  context: kindIs('context'),
  range: kindIs('range'),
  function: kindIs('function'),
};

function kindIs(kind) {
  return (value) => kindOf(value) === kind;
}

/** A type as a test of values; throws for one that neither FEEL nor the decision file knows. */
export function typeTest(text) {
  const tokens = Array.from(text.matchAll(TOKEN), ([, token]) => token.replace(/\s+/g, ' '));
  const test = readType(tokens);
  return (value) => (test.isNull ? kindOf(value) === 'nil' : kindOf(value) !== 'nil' && test(value));
}

function readType(tokens) {
  const name = tokens.shift();
  if (name === 'Null') {
    return Object.assign(() => false, { isNull: true });
  }
  const inner = tokens[0] === '<' ? PARAMETRIC[name] : null;
  if (inner) {
    tokens.shift();
    return inner(tokens);
  }
  if (Object.hasOwn(SIMPLE, name)) {
    return SIMPLE[name];
  }
  defined(name);
  return (value) => defined(name)(value);
}

/** A type of the decision file that runs, which need not be the one that the text was read for. */
function defined(name) {
  const test = ownType(name);
  if (!test) {
    throw new Error(`not implemented: instance of ${name}`);
  }
  return test;
}

const PARAMETRIC = {
  list(tokens) {
    const element = readType(tokens);
    tokens.shift();
    return (value) => Array.isArray(value) && value.every(orNull(element));
  },
  /** A range whose ends, where it has them, are of this type. */
  range(tokens) {
    const end = orNull(readType(tokens));
    tokens.shift();
    return (value) => kindOf(value) === 'range' && end(value.start) && end(value.end);
  },
  context(tokens) {
    const entries = [];
    for (let token = tokens.shift(); token !== '>'; token = tokens.shift()) {
      if (token !== ',') {
        tokens.shift();
        entries.push([token, orNull(readType(tokens))]);
      }
    }
    return (value) =>
      kindOf(value) === 'context' &&
      entries.every(([name, test]) => Object.hasOwn(value, name) && test(value[name]));
  },
  /** What a function takes and gives is not known before it is called: only their number is. */
  function(tokens) {
    let count = 0;
    for (; tokens[0] !== '>'; count += 1) {
      readType(tokens[0] === ',' ? tokens.splice(0, 2).slice(1) : tokens);
    }
    tokens.splice(0, 2);
    readType(tokens);
    return (value) => kindOf(value) === 'function' && (value.parameterNames ?? value.$args).length === count;
  },
};

/** A null conforms to every type, but is an instance of none. */
function orNull(test) {
  return (value) => value === null || value === undefined || test(value);
}
