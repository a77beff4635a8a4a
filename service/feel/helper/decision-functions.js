import { functionValue } from '@bpmn-io/feelin';

import { fault } from './decision-fault.js';
import { put } from './values.js';

const DEEPEST_CALL = 100;

/**
 * A function value over typed parameters. `run` counts how deep calls are within each other:
 * without a bound, a model that calls itself for ever would end in the words of JavaScript.
 */
export function callable(name, parameters, run, body) {
  const names = parameters.map((parameter) => parameter.name);
  return functionValue((...values) => {
    const given = {};
    parameters.forEach((parameter, i) => {
      if (values[i] === undefined) {
        throw fault('value', `“${name}”缺少参数“${parameter.name}”`);
      }
      const place = `${name}的参数 ${parameter.name}`;
      put(given, parameter.name, run.types.fitted(values[i], parameter.type, place, 'value'));
    });
    return run.deeper(name, DEEPEST_CALL, () => body(given));
  }, names);
}
