/**
 * The changes to @bpmn-io/feelin 6.1.1 and its parser, each with its reason. `find` must occur exactly `times`
 * times (once unless said) in the module, or the build fails. What a patch replaces as a whole
 * stays behind under a name that nothing calls, and the bundler leaves it out.
 */
import parser from './parser.js';
import syntax from './syntax.js';
import values from './values.js';

export default [...values, ...syntax];

export const parserPatches = parser;
