import { SyntaxError as FeelSyntaxError } from '@bpmn-io/feelin';

import { compiled } from './compiled.js';
import { Failure, wordsFor } from './failure.js';
import { setMoment } from './feelin/runtime.js';
import { shapeOf } from './shape.js';
import { toJson } from './values.js';
import { failureIn } from './warnings.js';

/** The values of all expressions over one context; throws the Failure of the first that has none. */
export function evaluate({ expressions, context, now }) {
  setMoment(now);
  const shape = shapeOf(context);
  return expressions.map((expression, index) => {
    try {
      return valueOf(expression, context, shape);
    } catch (error) {
      throw failureFrom(error, index);
    }
  });
}

function valueOf({ text, unaryTest, input }, context, shape) {
  if (!unaryTest) {
    return checked(text, compiled(text, context, shape)(context));
  }
  const asked = { ...context, '?': input };
  return checked(text, compiled(text, asked, shape, true)(asked));
}

function checked(text, { value, warnings }) {
  const failure = failureIn(warnings, text);
  if (failure) {
    throw failure;
  }
  return toJson(value);
}

/** Any error of an evaluation as the Failure of the expression at `index`. */
export function failureFrom(error, index) {
  if (error instanceof Failure) {
    error.fields.index = index;
    return error;
  }
  if (error instanceof FeelSyntaxError) {
    return new Failure('syntax', { index, ...syntaxProblem(error) });
  }
  return new Failure('evaluation', { index, detail: wordsFor(error) });
}

/** Where a text stops being FEEL, counted in characters from 1, and what is wrong there. */
export function syntaxProblem(error) {
  const { position, input, message } = error;
  const token = input?.slice(0, 40);
  const unfinished = message.startsWith('Incomplete') || !token;
  return { position: position.from + 1, detail: unfinished ? '没有写完' : `无法识别「${token}」` };
}
