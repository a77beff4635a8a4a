import { Failure } from './failure.js';

/**
 * Why a decision has no result although every text of it could be worked out. `problem` chooses
 * the error class on the Python side; `detail` is Chinese and holds no value.
 */
export function fault(problem, detail) {
  return new Failure('decision', { problem, detail });
}
