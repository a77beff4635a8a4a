/**
 * The changes to @bpmn-io/feelin 6.1.1, each with its reason. `find` must occur exactly `times`
 * times (once unless said) in feelin's module, or the build fails. What a patch replaces as a whole
 * stays behind under a name that nothing calls, and the bundler leaves it out.
 */
import syntax from './syntax.js';
import values from './values.js';

export default [...values, ...syntax];
