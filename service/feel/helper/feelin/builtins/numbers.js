/** Numeric functions (DMN 1.5, table 77) and `not` (table 74). */
import { modulo, ROUNDING, SCALES } from '../decimals.js';
import { negated } from '../arithmetic.js';
import { sizeOf } from '../durations.js';
import { builtin } from '../signatures.js';

/** floor and ceiling may go without a scale, to whole numbers. */
const MAY_LACK_SCALE = ['floor', 'ceiling'];

const rounding = Object.entries(ROUNDING).map(([name, round]) => {
  const mark = MAY_LACK_SCALE.includes(name) ? '?' : '';
  return [name, { [`n: number, scale${mark}: number`]: (number, scale = 0) => within(round, number, Math.trunc(scale)) }];
});

function within(round, number, scale) {
  return scale < SCALES.least || scale > SCALES.most ? null : round(number, scale);
}

function finite(number) {
  return Number.isFinite(number) ? number : null;
}

const numbers = {
  abs: {
    'n: number': Math.abs,
    'n: duration': (duration) => (sizeOf(duration) < 0 ? negated(duration) : duration),
  },
  modulo: {
    'dividend: number, divisor: number': (dividend, divisor) => (divisor === 0 ? null : modulo(dividend, divisor)),
  },
  sqrt: { 'number: number': (number) => (number < 0 ? null : Math.sqrt(number)) },
  log: { 'number: number': (number) => (number > 0 ? Math.log(number) : null) },
  exp: { 'number: number': (number) => finite(Math.exp(number)) },
  odd: { 'number: number': (number) => Math.abs(number) % 2 === 1 },
  even: { 'number: number': (number) => number % 2 === 0 },
  not: { 'negand: boolean|null': (value) => (value === null ? null : !value) },
};

export default [...rounding, ...Object.entries(numbers)].map(([name, forms]) => builtin(name, forms));
