/** The two durations of FEEL and how they are written (DMN 1.5, 10.3.2.3.7 and .8). */
import { Duration } from 'luxon';

import { isMonths } from './kinds.js';

const MONTHS = /^(-?)P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?$/;
const SECONDS = /^(-?)P(?=\d|T\d)(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d*)?)S)?)?$/;

/** A text such as P1Y2M or P1DT2H as a duration, or null: the two kinds do not mix. */
export function durationFrom(text) {
  const months = MONTHS.exec(text);
  if (months) {
    return monthsDuration(signed(months[1], 12 * (months[2] ?? 0) + Number(months[3] ?? 0)));
  }
  const time = SECONDS.exec(text);
  if (!time) {
    return null;
  }
  const [days, hours, minutes, seconds] = time.slice(2).map((part) => Number(part ?? 0));
  return timeDuration(signed(time[1], 1_000 * (((days * 24 + hours) * 60 + minutes) * 60 + seconds)));
}

function signed(sign, size) {
  return sign ? -size : size;
}

/** So many whole months, or null when there are too many to count. */
export function monthsDuration(months) {
  return built(Math.trunc(months), ['years', 12], ['months', 1]);
}

/** So many milliseconds as days, hours, minutes and seconds, or null when there are too many. */
export function timeDuration(milliseconds) {
  return built(Math.round(milliseconds), ['days', 86_400_000], ['hours', 3_600_000], ['minutes', 60_000], ['seconds', 1_000]);
}

function built(size, ...units) {
  if (!Number.isSafeInteger(size)) {
    return null;
  }
  let rest = Math.abs(size);
  const parts = {};
  for (const [index, [unit, length]] of units.entries()) {
    const count = index === units.length - 1 ? rest / length : Math.floor(rest / length);
    rest -= count * length;
    parts[unit] = size < 0 && count ? -count : count;
  }
  return Duration.fromObject(parts);
}

/** Its size in months or in milliseconds, by its kind. */
export function sizeOf(duration) {
  return isMonths(duration) ? monthsOf(duration) : Math.round(duration.toMillis());
}

function monthsOf(duration) {
  const { years = 0, months = 0 } = duration.toObject();
  return years * 12 + months;
}

/** A duration of the kind of another. */
export function sameKindOfDuration(duration, size) {
  return isMonths(duration) ? monthsDuration(size) : timeDuration(size);
}

/** As XML Schema writes it: P1Y2M, P0M, P1DT2H, PT0S, -P45D. */
export function durationToISO(duration) {
  const size = sizeOf(duration);
  const parts = sameKindOfDuration(duration, Math.abs(size)).toObject();
  const written = isMonths(duration)
    ? part(parts.years, 'Y') + part(parts.months, 'M') || '0M'
    : part(parts.days, 'D') + timeOf(parts) || 'T0S';
  return `${size < 0 ? '-' : ''}P${written}`;
}

function timeOf({ hours, minutes, seconds }) {
  const time = part(hours, 'H') + part(minutes, 'M') + part(seconds, 'S');
  return time && `T${time}`;
}

function part(count, unit) {
  return count ? count + unit : '';
}
