import { BoundedCache } from './bounded-cache.js';
import { fault } from './decision-fault.js';
import { POLICIES, told } from './decision-policies.js';
import { syntaxTree } from './syntax-tree.js';
import { put } from './values.js';

/** What a decision table answers; the rows that count and the inputs go to the run's record. */
export function evaluateTable(table, scope, run) {
  const inputs = table.inputs.map((column) => inputOf(column, scope, run));
  run.noteInputs(table, inputs);
  const met = rulesThatMeet(table, inputs, scope);
  if (table.policy === 'UNIQUE' && met.length > 1) {
    run.noteRules(table, met.map((rule) => ({ rule, outputs: [] })));
    throw fault('not-unique', told(met.map((rule) => ({ rule }))));
  }
  const rows = rowsOf(table, table.policy === 'FIRST' ? met.slice(0, 1) : met, scope, run);
  const { rows: counted, result } = decided(table, rows, scope, run);
  run.noteRules(table, counted.filter(({ rule }) => rule));
  return result;
}

function decided(table, rows, scope, run) {
  try {
    return POLICIES[table.policy](rows, (row) => ranksOf(row, table, scope));
  } catch (failure) {
    run.noteRules(table, rows.filter(({ rule }) => rule));
    throw failure;
  }
}

function inputOf(column, scope, run) {
  const value = run.types.fitted(scope.valueOf(column.text), column.type, column.label, 'input');
  run.types.requireAllowed(value, column.allowed, column.label, 'input', scope);
  return value;
}

/** Every cell is asked, equal ones of a column once: one that cannot be answered is never passed over. */
function rulesThatMeet(table, inputs, scope) {
  const answers = inputs.map((input, i) => {
    const test = scope.testing(input);
    const texts = new Set(table.rules.map(({ tests }) => tests[i]));
    return new Map([...texts].map((text) => [text, text === '' || test(text) === true]));
  });
  return table.rules.filter(({ tests }) => tests.every((text, i) => answers[i].get(text)));
}

/** Without a rule that met: the row of the defaults, if the table has any. */
function rowsOf(table, met, scope, run) {
  const defaults = table.outputs.map((column) => column.default);
  const rows = met.map((rule) => ({ rule, texts: rule.conclusions }));
  if (!met.length && defaults.some((text) => text)) {
    rows.push({ rule: null, texts: defaults });
  }
  return rows.map(({ rule, texts }) => {
    const outputs = table.outputs.map((column, i) => outputOf(column, texts[i], scope, run));
    return { rule, outputs, result: resultOf(table, outputs) };
  });
}

function outputOf(column, text, scope, run) {
  const value = text ? scope.valueOf(text) : null;
  const found = run.types.fitted(value, column.type, column.label, 'output');
  run.types.requireAllowed(found, column.allowed, column.label, 'output', scope);
  return found;
}

function resultOf(table, outputs) {
  if (outputs.length === 1) {
    return outputs[0];
  }
  const context = {};
  table.outputs.forEach((column, i) => put(context, column.name, outputs[i]));
  return context;
}

/** The place of each output in its column's list of allowed values; null comes last. */
function ranksOf({ outputs }, table, scope) {
  return table.outputs.map((column, i) => {
    const texts = column.order ? testsIn(column.order) : [];
    const place = outputs[i] === null ? -1 : texts.findIndex((text) => scope.testing(outputs[i])(text) === true);
    return place < 0 ? texts.length : place;
  });
}

const separated = new BoundedCache(10_000);

/** The single tests of a list of unary tests, as texts. */
function testsIn(text) {
  let tests = separated.get(text);
  if (tests === undefined) {
    tests = parts(syntaxTree(text, { '?': null }, true)).map((node) => node.text);
    separated.set(text, tests, text.length);
  }
  return tests;
}

function parts(node) {
  return node.name === 'PositiveUnaryTest' ? [node] : node.children.flatMap(parts);
}
