import { compiled } from './compiled.js';
import { failureFrom } from './expressions.js';
import { shapeOf } from './shape.js';
import { failureIn } from './warnings.js';

/** The names a boxed expression sees. What is added hides what was there; nothing is changed. */
export class Scope {
  constructor(entries, shape = shapeOf(entries)) {
    this.context = entries;
    this.shape = shape;
  }

  with(entries) {
    return new Scope({ ...this.context, ...entries }, joined(this.shape, shapeOf(entries)));
  }

  has(name) {
    return Object.hasOwn(this.context, name);
  }

  /** The value of a text; throws a Failure that names the text. */
  valueOf(text) {
    return asked(text, this.context, this.shape, false);
  }

  /** A function that asks unary tests about `input`. */
  testing(input) {
    const context = { ...this.context, '?': input };
    const shape = joined(this.shape, shapeOf({ input }));
    return (text) => asked(text, context, shape, true);
  }
}

function asked(text, context, shape, isUnaryTest) {
  try {
    const { value, warnings } = compiled(text, context, shape, isUnaryTest)(context);
    const failure = failureIn(warnings, text);
    if (failure) {
      throw failure;
    }
    return value ?? null;
  } catch (error) {
    const failure = failureFrom(error, 0);
    failure.fields.text ??= text;
    throw failure;
  }
}

function joined(one, other) {
  if (one.key === null || other.key === null) {
    return { key: null };
  }
  if (!other.key || one.key === other.key) {
    return one;
  }
  return { key: [...new Set([...one.key.split(' '), ...other.key.split(' ')])].sort().join(' ') };
}
