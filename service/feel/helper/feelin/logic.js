/** Three-valued logic (DMN 1.5, tables 38 to 40). */
import { isNil } from './kinds.js';
import { report } from './runtime.js';

/** True, false, or null; anything else is reported, and null. */
export function booleanOf(value) {
  if (typeof value === 'boolean' || isNil(value)) {
    return value ?? null;
  }
  report('NOT_BOOLEAN', { value });
  return null;
}

/** Whether some test of a list holds: null where none does and one is open. */
export function someHolds(values, test) {
  return decidedBy(true, values, test);
}

/** Whether every test of a list holds. */
export function everyHolds(values, test) {
  return decidedBy(false, values, test);
}

function decidedBy(decisive, values, test) {
  let open = false;
  for (const value of values) {
    const result = booleanOf(test(value));
    if (result === decisive) {
      return decisive;
    }
    open ||= result === null;
  }
  return open ? null : !decisive;
}
