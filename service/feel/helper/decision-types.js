import { typeOf } from '@bpmn-io/feelin';

import { fault } from './decision-fault.js';
import { Scope } from './decision-scope.js';
import { isMonths, isNil } from './feelin/kinds.js';
import { momentToISO } from './feelin/moments.js';
import { put } from './values.js';

const NOTHING = new Scope({});
const DATE = /^-?\d{4,9}-\d\d-\d\d$/;

/** How the text of a JSON value becomes one of these types. */
const READ = {
  date: (value) => (DATE.test(value) ? read('date(text)', value) : null),
  time: (value) => read('time(text)', value),
  'date and time': (value) => read('date and time(text)', value),
  'days and time duration': (value) => read('duration(text)', value),
  'years and months duration': (value) => read('duration(text)', value),
};

const TESTS = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  context: (value) => typeOf(value) === 'context',
  list: Array.isArray,
  date: (value) => typeOf(value) === 'date',
  time: (value) => typeOf(value) === 'time',
  'date and time': (value) => typeOf(value) === 'date time',
  'days and time duration': (value) => typeOf(value) === 'duration' && !isMonths(value),
  'years and months duration': (value) => typeOf(value) === 'duration' && isMonths(value),
};

/** Types by name; a value is checked against one, and converted where DMN 10.3.2.9.4 says so. */
export class Types {
  constructor(items) {
    this.items = new Map(Object.entries(items));
  }

  /**
   * The value as this type has it: texts of dates and durations become those, one value a list of
   * one where a list is wanted, a list of one its element where not. Null is of every type.
   * Throws the fault `problem`, which names the place.
   */
  fitted(value, type, place, problem) {
    if (value === null || value === undefined || !type) {
      return value ?? null;
    }
    const item = typeof type === 'string' ? this.items.get(type) : type;
    if (!item) {
      return basic(value, type, place, problem);
    }
    const element = (one, at) => this.#element(one, item, at, problem);
    const found = item.collection
      ? listOf(value).map((one, i) => element(one, `${place}第 ${i + 1} 项`))
      : element(value, place);
    this.requireAllowed(found, item.constraint, place, problem);
    return found;
  }

  /** `instance of` for an item definition: its structure; the allowed values are not asked. */
  testOf(name) {
    const item = this.items.get(name);
    return item && ((value) => this.#isInstance(value, item));
  }

  #isInstance(value, item) {
    const element = (one) => isNil(one) || this.#isElement(one, item);
    return item.collection ? Array.isArray(value) && value.every(element) : element(value);
  }

  #isElement(value, { components, of }) {
    if (!components) {
      const item = this.items.get(of);
      return item ? this.#isInstance(value, item) : !of || TESTS[of](value);
    }
    return (
      typeOf(value) === 'context' &&
      Object.entries(components).every(
        ([name, item]) => Object.hasOwn(value, name) && (isNil(value[name]) || this.#isInstance(value[name], item)),
      )
    );
  }

  /** Throws the fault when a value that is not null does not meet the unary tests of a type. */
  requireAllowed(value, tests, place, problem, scope = NOTHING) {
    if (tests && value !== null && scope.testing(value)(tests) !== true) {
      throw fault(problem, `“${place}”的值不在允许的范围内`);
    }
  }

  #element(value, item, place, problem) {
    if (value === null) {
      return null;
    }
    const found = item.components
      ? this.#entries(value, item.components, place, problem)
      : this.fitted(value, item.of, place, problem);
    this.requireAllowed(found, item.allowed, place, problem);
    return found;
  }

  #entries(value, components, place, problem) {
    const context = unwrapped(value);
    if (typeOf(context) !== 'context') {
      throw fault(problem, `“${place}”应为 context 类型`);
    }
    const found = { ...context };
    for (const [name, type] of Object.entries(components)) {
      if (Object.hasOwn(found, name)) {
        put(found, name, this.fitted(found[name], type, `${place}.${name}`, problem));
      }
    }
    return found;
  }
}

function basic(value, type, place, problem) {
  const one = type === 'list' ? listOf(value) : unwrapped(value);
  const found = converted(one, type);
  if (found === null || !TESTS[type](found)) {
    throw fault(problem, `“${place}”应为 ${type} 类型`);
  }
  return found;
}

function converted(value, type) {
  if (typeof value === 'string' && Object.hasOwn(READ, type)) {
    return READ[type](value);
  }
  const isDay = type === 'date and time' && typeOf(value) === 'date';
  return isDay ? READ[type](`${momentToISO(value)}T00:00:00`) : value;
}

function read(text, value) {
  return new Scope({ text: value }).valueOf(text);
}

function listOf(value) {
  return Array.isArray(value) ? value : [value];
}

function unwrapped(value) {
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}
