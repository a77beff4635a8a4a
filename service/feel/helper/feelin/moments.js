/**
 * Dates, times of day and moments: how they are read and written (DMN 1.5, 10.3.2.3.4 to .6, and
 * XML Schema for the texts). What names no zone is in the zone of the pool.
 */
import { DateTime, FixedOffsetZone, IANAZone, SystemZone } from 'luxon';

import { kindOf, TIME_YEAR } from './kinds.js';

const DATE = String.raw`(-?(?:[1-9]\d{4,8}|\d{4}))-(\d\d)-(\d\d)`;
const TIME = String.raw`(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+-]\d\d:\d\d|@[A-Za-z][\w+/-]*)?`;
const DATE_TEXT = new RegExp(`^${DATE}$`);
const TIME_TEXT = new RegExp(`^T?${TIME}$`, 'i');
const MOMENT_TEXT = new RegExp(`^${DATE}T${TIME}$`, 'i');

/** XML Schema knows no zone farther away. */
const FARTHEST_MINUTES = 14 * 60;

const MOST_ZONES = 200;
const zones = new Map();

const MIDNIGHT = { hour: 0, minute: 0, second: 0, millisecond: 0 };

/** A date of the calendar, or null when it has none such. */
export function dateOf(year, month, day) {
  return valid({ year, month, day }, FixedOffsetZone.utcInstance);
}

/** The day that a date or a moment shows. */
export function dayOf(value) {
  return dateOf(value.year, value.month, value.day);
}

/** The moment at which a date begins: in UTC, as DMN says. */
export function startOf(date) {
  return valid({ year: date.year, month: date.month, day: date.day }, new FixedOffsetZone(0));
}

/** A time of day; `offset` in minutes, or null for the pool's zone. */
export function timeOf(hour, minute, second, offset) {
  const whole = Math.floor(second);
  const parts = { hour, minute, second: whole, millisecond: Math.round((second - whole) * 1_000) };
  return time(parts, offset === null ? SystemZone.instance : offsetZone(offset));
}

/** The time of day that a moment shows, in its zone. */
export function clockOf(moment) {
  return kindOf(moment) === 'date' ? time(MIDNIGHT, new FixedOffsetZone(0)) : time(moment, moment.zone);
}

/** The moment at which a time comes on a day. */
export function momentOf(day, timeOfDay) {
  return valid({ ...clockParts(timeOfDay), year: day.year, month: day.month, day: day.day }, timeOfDay.zone);
}

export function dateFrom(text) {
  const match = DATE_TEXT.exec(text);
  return match && dateOf(...match.slice(1).map(Number));
}

export function timeFrom(text) {
  const match = TIME_TEXT.exec(text);
  return match && read(match.slice(1), (parts, zone) => time(parts, zone));
}

export function momentFrom(text) {
  const match = MOMENT_TEXT.exec(text);
  if (!match) {
    return null;
  }
  const [year, month, day] = match.slice(1, 4).map(Number);
  return read(match.slice(4), (parts, zone) => valid({ year, month, day, ...parts }, zone));
}

function read([hour, minute, second = 0, fraction = '', zoneText], build) {
  const zone = zoneOf(zoneText);
  const millisecond = Number(fraction.slice(1, 4).padEnd(3, '0'));
  return zone && build({ hour: Number(hour), minute: Number(minute), second: Number(second), millisecond }, zone);
}

/** A moment in UTC has a zone of its own: feelin knows a date by the shared one. */
function zoneOf(text) {
  if (!text) {
    return SystemZone.instance;
  }
  if (text.startsWith('@')) {
    return namedZone(text.slice(1));
  }
  if (text.toUpperCase() === 'Z') {
    return new FixedOffsetZone(0);
  }
  const [hours, minutes] = text.slice(1).split(':').map(Number);
  return minutes < 60 ? offsetZone((text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)) : null;
}

/** luxon keeps what it learns of each spelling of a zone for good, outside the bounded heap. */
function namedZone(name) {
  if (!zones.has(name)) {
    if (zones.size >= MOST_ZONES) {
      zones.clear();
      IANAZone.resetCache();
    }
    zones.set(name, IANAZone.isValidZone(name) ? IANAZone.create(name) : null);
  }
  return zones.get(name);
}

function offsetZone(minutes) {
  return Number.isInteger(minutes) && Math.abs(minutes) <= FARTHEST_MINUTES ? new FixedOffsetZone(minutes) : null;
}

function time(parts, zone) {
  return zone && valid({ year: TIME_YEAR, month: 1, day: 1, ...clockParts(parts) }, zone);
}

function clockParts({ hour, minute, second, millisecond }) {
  return { hour, minute, second, millisecond };
}

function valid(parts, zone) {
  if (!Object.values(parts).every(Number.isInteger)) {
    return null;
  }
  const { year, hour } = parts;
  const known = year === TIME_YEAR ? hour !== 24 : Math.abs(year) < TIME_YEAR;
  const moment = known && DateTime.fromObject(parts, { zone });
  return moment && moment.isValid ? moment : null;
}

/** The moment, or null when it is farther away than the calendar reaches. */
export function inCalendar(moment) {
  return moment.isValid && Math.abs(moment.year) < TIME_YEAR ? moment : null;
}

/** A time of day again, after an addition that may have left the year of times. */
export function wrapped(timeOfDay) {
  return time(timeOfDay, timeOfDay.zone);
}

export function hasZone(moment) {
  return moment.zone !== SystemZone.instance;
}

/** As DMN writes a date, a time or a moment: with its zone when it names one. */
export function momentToText(moment) {
  const zone = !hasZone(moment) ? '' : moment.zone instanceof IANAZone ? `@${moment.zoneName}` : offsetText(moment);
  return withoutZone(moment) + (kindOf(moment) === 'date' ? '' : zone);
}

/** As ISO 8601 writes it: a moment always tells its offset, a time only where it names a zone. */
export function momentToISO(moment) {
  const kind = kindOf(moment);
  const tellsOffset = kind === 'date time' || (kind === 'time' && hasZone(moment));
  return withoutZone(moment) + (tellsOffset ? offsetText(moment) : '');
}

function withoutZone(moment) {
  switch (kindOf(moment)) {
    case 'date': return dateText(moment);
    case 'time': return clockText(moment);
    default: return `${dateText(moment)}T${clockText(moment)}`;
  }
}

function dateText({ year, month, day }) {
  return `${year < 0 ? '-' : ''}${digits(Math.abs(year), 4)}-${digits(month)}-${digits(day)}`;
}

function clockText({ hour, minute, second, millisecond }) {
  const fraction = millisecond ? `.${digits(millisecond, 3)}`.replace(/0+$/, '') : '';
  return `${digits(hour)}:${digits(minute)}:${digits(second)}${fraction}`;
}

function offsetText({ offset }) {
  const minutes = Math.abs(Math.trunc(offset));
  return minutes ? `${offset < 0 ? '-' : '+'}${digits(Math.floor(minutes / 60))}:${digits(minutes % 60)}` : 'Z';
}

function digits(number, length = 2) {
  return String(number).padStart(length, '0');
}
