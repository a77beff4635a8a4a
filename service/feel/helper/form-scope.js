import { buildExpressionContext } from '@bpmn-io/form-js-viewer';

/**
 * What form-js offers to the expressions of a field: all data, and in a row of a dynamic list the
 * row as `this`, the row's surroundings as `parent` and the row numbers as `i`.
 * A scope is null outside any list, else `{ row, index, outer }`.
 */
export function expressionInfo(data, scope) {
  if (scope === null) {
    return { data, this: data, parent: null, i: [] };
  }
  const outer = expressionInfo(data, scope.outer);
  return {
    data,
    this: scope.row,
    parent: buildExpressionContext({ ...outer, data: outer.this }),
    i: [...outer.i, scope.index + 1],
  };
}

export function expressionContext(data, scope) {
  return buildExpressionContext(expressionInfo(data, scope));
}
