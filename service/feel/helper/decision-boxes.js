import { typeOf } from '@bpmn-io/feelin';

import { fault } from './decision-fault.js';
import { callable } from './decision-functions.js';
import { Scope } from './decision-scope.js';
import { evaluateTable } from './decision-table.js';
import { put, typeName } from './values.js';

/** The value of a boxed expression, of the type it declares. Source: DMN 1.5, 10.2. */
export function evaluateBox(box, scope, run) {
  const value = BOXES[box.box](box, scope, run);
  return run.types.fitted(value, box.type, box.label, 'value');
}

const BOXES = {
  text: ({ text }, scope) => scope.valueOf(text),

  table: evaluateTable,

  context({ entries }, scope, run) {
    let seen = scope;
    const context = {};
    for (const { name, type, value } of entries) {
      const found = run.types.fitted(evaluateBox(value, seen, run), type, name, 'value');
      if (name === null) {
        return found;
      }
      put(context, name, found);
      seen = seen.with({ [name]: found });
    }
    return context;
  },

  list: ({ items }, scope, run) => items.map((item) => evaluateBox(item, scope, run)),

  relation: ({ columns, rows }, scope, run) =>
    rows.map((cells) => {
      const row = {};
      columns.forEach(({ name, type }, i) => {
        const value = evaluateBox(cells[i], scope, run);
        put(row, name, run.types.fitted(value, type, name, 'value'));
      });
      return row;
    }),

  function: ({ parameters, body, label }, scope, run) =>
    callable(label, parameters, run, (given) => evaluateBox(body, scope.with(given), run)),

  invocation({ called, bindings }, scope, run) {
    const given = { called: evaluateBox(called, scope, run) };
    const texts = bindings.map(({ name, type, value }, i) => {
      given[`given${i}`] = run.types.fitted(evaluateBox(value, scope, run), type, name, 'value');
      return `${name}: given${i}`;
    });
    return new Scope(given).valueOf(`called(${texts.join(', ')})`);
  },

  conditional({ condition, then, otherwise }, scope, run) {
    return evaluateBox(isTrue(condition, scope, run) ? then : otherwise, scope, run);
  },

  filter({ list, match }, scope, run) {
    const found = evaluateBox(list, scope, run);
    if (found === null) {
      return null;
    }
    const elements = Array.isArray(found) ? found : [found];
    return elements.filter((item) => {
      const entries = typeOf(item) === 'context' ? item : {};
      return isTrue(match, scope.with({ item, ...entries }), run);
    });
  },

  for({ variable, list, result, partial }, scope, run) {
    const elements = elementsOf(list, scope, run);
    const results = elements && [];
    for (const element of elements ?? []) {
      const given = partial ? { [variable]: element, partial: results.slice() } : { [variable]: element };
      results.push(evaluateBox(result, scope.with(given), run));
    }
    return results;
  },

  some: (box, scope, run) => quantified(box, scope, run, 'some'),

  every: (box, scope, run) => quantified(box, scope, run, 'every'),
};

function quantified({ variable, list, satisfies }, scope, run, method) {
  const elements = elementsOf(list, scope, run);
  return elements && elements[method]((element) => isTrue(satisfies, scope.with({ [variable]: element }), run));
}

function elementsOf(box, scope, run) {
  const found = evaluateBox(box, scope, run);
  if (found === null || Array.isArray(found)) {
    return found;
  }
  if (typeOf(found) === 'range') {
    return new Scope({ range: found }).valueOf('for i in range return i');
  }
  return [found];
}

function isTrue(box, scope, run) {
  const found = evaluateBox(box, scope, run);
  if (found !== null && typeof found !== 'boolean') {
    throw fault('value', `“${box.label}”应为真或假，实际是${typeName(found)}`);
  }
  return found === true;
}
