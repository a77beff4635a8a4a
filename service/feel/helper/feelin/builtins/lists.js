/** List functions (DMN 1.5, table 76) and `sort` (table 79). */
import { held } from '../arithmetic.js';
import { equals } from '../comparison.js';
import { booleanOf } from '../logic.js';
import { builtin, extreme, invoke } from '../signatures.js';

function sum(numbers) {
  return numbers.length ? held(numbers.reduce((total, number) => total + number, 0), numbers) : null;
}

function product(numbers) {
  return numbers.length ? held(numbers.reduce((total, number) => total * number, 1), numbers) : null;
}

function mean(numbers) {
  return numbers.length ? sum(numbers) / numbers.length : null;
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length ? (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2 : null;
}

function stddev(numbers) {
  if (numbers.length < 2) {
    return null;
  }
  const middle = mean(numbers);
  return Math.sqrt(sum(numbers.map((number) => (number - middle) ** 2)) / (numbers.length - 1));
}

function mode(numbers) {
  const counts = new Map();
  for (const number of numbers) {
    counts.set(number, (counts.get(number) ?? 0) + 1);
  }
  const most = [...counts.values()].reduce((a, b) => Math.max(a, b), 0);
  return [...counts].filter(([, count]) => count === most).map(([number]) => number).sort((a, b) => a - b);
}

/** `all` and `any`: null where a null leaves it open (DMN 1.5, table 76). */
function decided(values, by) {
  const known = values.map(booleanOf);
  if (known.includes(by)) {
    return by;
  }
  return known.includes(null) ? null : !by;
}

function sublist(list, start, length) {
  const first = positionIn(list, start);
  if (first === null || (length !== undefined && length < 1)) {
    return null;
  }
  const end = length === undefined ? list.length : first + Math.trunc(length);
  return end > list.length ? null : list.slice(first, end);
}

/** The index of a position, counted from 1, or from the end when negative; null when there is none. */
function positionIn(list, position) {
  const whole = Math.trunc(position);
  const index = whole < 0 ? list.length + whole : whole - 1;
  return index >= 0 && index < list.length ? index : null;
}

function atPosition(change) {
  return (list, position, ...rest) => {
    const index = positionIn(list, position);
    return index === null ? null : change(list, index, ...rest);
  };
}

function replaceMatches(list, match, newItem) {
  return list.map((element) => (booleanOf(invoke(match, [element, newItem])) ? newItem : element));
}

function contains(list, element) {
  return list.some((one) => equals(one, element) === true);
}

function indexesOf(list, match) {
  return list.flatMap((element, index) => (equals(element, match) === true ? [index + 1] : []));
}

/** Each value once; plain ones by a set, so that long lists take no square time. */
function distinct(list) {
  const [plain, others] = [new Set(), []];
  return list.filter((element) => {
    const isPlain = typeof element !== 'object' || element === null;
    if (isPlain ? plain.has(element) : contains(others, element)) {
      return false;
    }
    (isPlain ? plain.add.bind(plain) : others.push.bind(others))(element);
    return true;
  });
}

function duplicates(list) {
  return distinct(list.filter((element, index) => contains(list.slice(0, index), element)));
}

function sort(list, precedes) {
  const goesFirst = (a, b) => booleanOf(invoke(precedes, [a, b])) === true;
  return list.toSorted((a, b) => (goesFirst(a, b) ? -1 : Number(goesFirst(b, a))));
}

function partition(list, size) {
  if (!Number.isInteger(size) || size < 1) {
    return null;
  }
  const count = Math.ceil(list.length / size);
  return Array.from({ length: count }, (_, index) => list.slice(index * size, (index + 1) * size));
}

const lists = {
  'list contains': { 'list: list, element: any': contains },
  'list replace': {
    'list: list, position: number, newItem: any': atPosition((list, index, newItem) => list.with(index, newItem)),
    'list: list, match: function, newItem: any': replaceMatches,
  },
  count: { 'list: list': (list) => list.length },
  min: { '...list: any': (list) => extreme(list, -1) },
  max: { '...list: any': (list) => extreme(list, 1) },
  sum: { '...list: number': sum },
  mean: { '...list: number': mean },
  all: { '...list: boolean|null': (values) => decided(values, false) },
  any: { '...list: boolean|null': (values) => decided(values, true) },
  sublist: { 'list: list, start position: number, length?: number': sublist },
  append: { 'list: list, ...item: any': (list, items) => [...list, ...items] },
  concatenate: { '...list: list': (all) => all.flat() },
  'insert before': {
    'list: list, position: number, newItem: any': atPosition((list, index, item) => list.toSpliced(index, 0, item)),
  },
  remove: { 'list: list, position: number': atPosition((list, index) => list.toSpliced(index, 1)) },
  reverse: { 'list: list': (list) => list.toReversed() },
  'index of': { 'list: list, match: any': indexesOf },
  union: { '...list: list': (all) => distinct(all.flat()) },
  'distinct values': { 'list: list': distinct },
  'duplicate values': { 'list: list': duplicates },
  flatten: { 'list: list': (list) => list.flat(Infinity) },
  product: { '...list: number': product },
  median: { '...list: number': median },
  stddev: { '...list: number': stddev },
  mode: { '...list: number': mode },
  sort: { 'list: list, precedes: function': sort },
  partition: { 'list: list, size: number': partition },
};

export default Object.entries(lists).map(([name, forms]) => builtin(name, forms));
