/**
 * What the patched feelin shares with the code that runs it: the moment that `now()` answers and
 * the place where its functions report what would otherwise be a silent null.
 */
import { DateTime } from 'luxon';

let moment = null;
let sink = null;
let typeNamed = () => undefined;

/** Sets what `now()` and `today()` answer, in milliseconds since 1970; null is the machine's clock. */
export function setMoment(milliseconds) {
  moment = milliseconds;
}

/** The moment of the call in the zone of the pool. */
export function currentTime() {
  return moment === null ? DateTime.now() : DateTime.fromMillis(moment);
}

/** Runs `action` while reports go to `context.warnings`. */
export function reportingTo(context, action) {
  const outer = sink;
  sink = context;
  try {
    return action();
  } finally {
    sink = outer;
  }
}

/** Runs `action` while `find` answers the test of a type of one's own by its name, or undefined. */
export function withTypes(find, action) {
  const outer = typeNamed;
  typeNamed = find;
  try {
    return action();
  } finally {
    typeNamed = outer;
  }
}

/** The test of a type that the texts define themselves, or undefined. */
export function ownType(name) {
  return typeNamed(name);
}

/** Notes a warning in feelin's own form; without a listener (plain `evaluate`) it is lost. */
export function report(type, values) {
  sink?.warnings.push({ type, message: type, details: { template: type, values }, position: null });
}
