/** Every built-in function by its name. */
import { dayOf } from '../moments.js';
import { currentTime } from '../runtime.js';
import { builtin } from '../signatures.js';
import calendar from './calendar.js';
import camunda from './camunda.js';
import contexts from './contexts.js';
import conversion from './conversion.js';
import lists from './lists.js';
import numbers from './numbers.js';
import ranges from './ranges.js';
import strings from './strings.js';
import temporal from './temporal.js';

const clock = [
  builtin('now', { '': currentTime }),
  builtin('today', { '': () => dayOf(currentTime()) }),
];

export const builtins = Object.fromEntries(
  [conversion, strings, lists, numbers, temporal, ranges, contexts, camunda, clock, calendar]
    .flat()
    .map((called) => [called.$name, called]),
);
