/**
 * Rounding on the decimal digits that a number shows, as DMN rounds: 2.345 is 2.345 here, though
 * the computer holds a little more or less.
 */
const PARTS = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/;

/** More places than a number has digits for: rounding there changes nothing. */
const MOST_PLACES = 340;

/** DMN 1.5, table 77: the scale of a rounding is in this range. */
export const SCALES = { least: -6_111, most: 6_176 };

/** The digits of a finite number as `digits / 10 ** scale`. */
function digitsOf(number) {
  const [, sign, whole, fraction = '', exponent = '0'] = PARTS.exec(String(number));
  const scale = fraction.length - Number(exponent);
  const digits = BigInt(`${sign}${whole}${fraction}`);
  return scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale };
}

function numberOf(digits, scale) {
  return Number(`${digits}e${-scale}`) + 0;
}

/**
 * Rounds to so many places, negative ones before the point. `direct` says from the size of what is
 * cut off (-1, 0 or 1 against the half), whether the rest is odd and the sign whether to go up.
 */
function rounded(number, scale, goesUp) {
  if (!Number.isFinite(number) || Math.abs(scale) > MOST_PLACES) {
    return scale < 0 && Number.isFinite(number) ? 0 : number;
  }
  const { digits, scale: places } = digitsOf(number);
  if (places <= scale) {
    return number;
  }
  const unit = 10n ** BigInt(places - scale);
  const size = digits < 0n ? -digits : digits;
  const [kept, cut] = [size / unit, size % unit];
  const half = cut * 2n === unit ? 0 : cut * 2n > unit ? 1 : -1;
  const up = cut !== 0n && goesUp({ half, odd: kept % 2n === 1n, negative: digits < 0n });
  const result = up ? kept + 1n : kept;
  return numberOf(digits < 0n ? -result : result, scale);
}

export const ROUNDING = {
  decimal: (number, scale) => rounded(number, scale, ({ half, odd }) => half > 0 || (half === 0 && odd)),
  floor: (number, scale) => rounded(number, scale, ({ negative }) => negative),
  ceiling: (number, scale) => rounded(number, scale, ({ negative }) => !negative),
  'round up': (number, scale) => rounded(number, scale, () => true),
  'round down': (number, scale) => rounded(number, scale, () => false),
  'round half up': (number, scale) => rounded(number, scale, ({ half }) => half >= 0),
  'round half down': (number, scale) => rounded(number, scale, ({ half }) => half > 0),
};

/** dividend - divisor * floor(dividend / divisor), on decimal digits. */
export function modulo(dividend, divisor) {
  const [a, b] = [digitsOf(dividend), digitsOf(divisor)];
  const scale = Math.max(a.scale, b.scale);
  const [x, y] = [a, b].map(({ digits, scale: own }) => digits * 10n ** BigInt(scale - own));
  const rest = x % y;
  return numberOf(rest !== 0n && rest < 0n !== y < 0n ? rest + y : rest, scale);
}

/** A number in plain digits, never with an exponent. */
export function numberToText(number) {
  const text = String(number);
  if (!text.includes('e')) {
    return text;
  }
  const { digits, scale } = digitsOf(number);
  const size = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
  const point = size.length - scale;
  const fraction = scale ? `.${size.slice(point)}` : '';
  return `${digits < 0n ? '-' : ''}${size.slice(0, point)}${fraction}`;
}
