/** Range functions (DMN 1.5, table 78): points and ranges of one kind. */
import { compared } from '../comparison.js';
import { Range } from '../range.js';
import { builtin } from '../signatures.js';

const INFINITE = { start: -1, end: 1 };

/** An end as `{ value, place }`; `place` is 0 for the value itself, ±1 for just beside it. */
function end(range, name) {
  if (range.open.includes(name)) {
    return { infinite: INFINITE[name], place: 0 };
  }
  return { value: range[name], infinite: 0, place: range[`${name} included`] ? 0 : -INFINITE[name] };
}

/** -1, 0 or 1 for two ends: what is excluded counts as just beside the value. */
function order(a, b) {
  if (a.infinite || b.infinite) {
    return Math.sign(a.infinite - b.infinite);
  }
  return compared(a.value, b.value) || Math.sign(a.place - b.place);
}

const start = (range) => end(range, 'start');
const finish = (range) => end(range, 'end');

function asRange(value) {
  return value instanceof Range ? value : new Range(value, value, true, true);
}

/** The ends of a range that are not open by themselves. */
function ends(range) {
  return ['start', 'end'].filter((name) => !range.open.includes(name)).map((name) => range[name]);
}

/** A test of two ranges as one over points too: null where the kinds differ or an end is null. */
function test(holds) {
  return (a, b) => {
    const [one, other] = [asRange(a), asRange(b)];
    const comparable = ends(one).every((left) => ends(other).every((right) => compared(left, right) !== null));
    return comparable ? holds(one, other) : null;
  };
}

const before = test((a, b) => order(finish(a), start(b)) < 0);

/** `meets` asks for both ends to be included. */
const meets = test((a, b) => {
  const [last, first] = [finish(a), start(b)];
  return !last.infinite && !first.infinite && last.place === 0 && first.place === 0 && order(last, first) === 0;
});

const overlaps = test((a, b) => order(finish(a), start(b)) >= 0 && order(finish(b), start(a)) >= 0);

/** The end of the first lies in the second, and its start before. */
const overlapsBefore = test((a, b) =>
  order(start(a), start(b)) < 0 && order(finish(a), start(b)) >= 0 && order(finish(a), finish(b)) <= 0);

const finishes = test((a, b) => order(finish(a), finish(b)) === 0 && order(start(a), start(b)) >= 0);

const during = test((a, b) => order(start(a), start(b)) >= 0 && order(finish(a), finish(b)) <= 0);

const starts = test((a, b) => order(start(a), start(b)) === 0 && order(finish(a), finish(b)) <= 0);

const coincides = test((a, b) => order(start(a), start(b)) === 0 && order(finish(a), finish(b)) === 0);

const flipped = (action) => (a, b) => action(b, a);

const POINT = 'number|string|date|time|date time|duration';
const POINTS = `point1: ${POINT}, point2: ${POINT}`;
const POINT_RANGE = `point: ${POINT}, range: range`;
const RANGE_POINT = `range: range, point: ${POINT}`;
const RANGES = 'range1: range, range2: range';

function forms(action, ...texts) {
  return Object.fromEntries(texts.map((text) => [text, action]));
}

const ranges = {
  before: forms(before, POINTS, POINT_RANGE, RANGE_POINT, RANGES),
  after: forms(flipped(before), POINTS, POINT_RANGE, RANGE_POINT, RANGES),
  meets: forms(meets, RANGES),
  'met by': forms(flipped(meets), RANGES),
  overlaps: forms(overlaps, RANGES),
  'overlaps before': forms(overlapsBefore, RANGES),
  'overlaps after': forms(flipped(overlapsBefore), RANGES),
  finishes: forms(finishes, POINT_RANGE, RANGES),
  'finished by': forms(flipped(finishes), RANGE_POINT, RANGES),
  includes: forms(flipped(during), RANGE_POINT, RANGES),
  during: forms(during, POINT_RANGE, RANGES),
  starts: forms(starts, POINT_RANGE, RANGES),
  'started by': forms(flipped(starts), RANGE_POINT, RANGES),
  coincides: forms(coincides, POINTS, RANGES),
};

export default Object.entries(ranges).map(([name, all]) => builtin(name, all));
