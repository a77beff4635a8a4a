import { sanitizeMultiSelectValue, sanitizeSingleSelectValue } from '@bpmn-io/form-js-viewer';

import { setMoment } from './feelin/runtime.js';
import { importForm } from './form-import.js';
import { collectInstances } from './form-instances.js';
import { refusalOf } from './form-refusals.js';
import { expressionContext, expressionInfo } from './form-scope.js';
import { settle } from './form-settle.js';
import { undeclaredPaths } from './form-undeclared.js';
import { isEmpty, localDay, today } from './form-values.js';
import { put, toJson } from './values.js';

/**
 * A submission as form-js-viewer would accept it: `{ data, errors, dropped }`.
 * `context` is what the store has; read-only fields take their value from there. `outcome` is what
 * was chosen with it, for the texts that refuse.
 */
export function validateForm({ schema, data, context, now, outcome }) {
  setMoment(now);
  const form = importForm(schema);
  const { instances, problems, root } = collectInstances(form, data, context);
  settle(form, instances, root.tree);
  const errors = {};
  for (const { path, message } of problems.filter(({ container }) => !container?.hidden)) {
    addErrors(errors, path, [message]);
  }
  for (const instance of instances.filter(({ place }) => place)) {
    addErrors(errors, instance.place.pathOf(instance.name), errorsOf(form, instance, root.tree, context, now));
    put(instance.place.output, instance.name, outputOf(instance));
  }
  for (const { field, around } of instances.filter((one) => one.around && !one.hidden)) {
    const refusal = refusalOf(field, outcome);
    if (refusal) {
      addErrors(errors, around.pathOf(refusal.key), [refusal.message]);
    }
  }
  return { data: root.output, errors, dropped: undeclaredPaths(form, data) };
}

function addErrors(errors, path, messages) {
  if (messages.length) {
    put(errors, path, [...new Set([...(Object.hasOwn(errors, path) ? errors[path] : []), ...messages])]);
  }
}

function errorsOf(form, instance, data, context, now) {
  const { field, hidden, locked, rows, problem } = instance;
  if (hidden || locked || rows || field.type === 'expression') {
    return [];
  }
  const own = problem ?? OWN_RULES[field.type]?.({ form, instance, data, context, now });
  return own ? [own] : formJsErrors(form, instance, data);
}

function formJsErrors(form, { field, scope, value }, data) {
  try {
    return form.validator.validateFieldInstance(
      { id: field.id, expressionContextInfo: expressionInfo(data, scope) },
      value,
    );
  } catch {
    return ['这一项的校验规则有误，请联系流程设计人员。'];
  }
}

function outputOf(instance) {
  const { field, hidden, locked, rows, kept, value } = instance;
  if (hidden) {
    return null;
  }
  if (rows) {
    return rows;
  }
  if (field.type === 'expression') {
    return toJson(value);
  }
  if (locked && kept !== undefined) {
    return kept;
  }
  return isEmpty(value) ? null : value;
}

/** What form-js leaves to its widgets: a page cannot send it, a program can. */
const OWN_RULES = {
  radio: (check) => choiceProblem(check, sanitizeSingleSelectValue),
  select: (check) => choiceProblem(check, sanitizeSingleSelectValue),
  checklist: (check) => choiceProblem(check, sanitizeMultiSelectValue),
  taglist: (check) => choiceProblem(check, sanitizeMultiSelectValue),
  datetime: pastDateProblem,
  filepicker: fileCountProblem,
};

/** Takes out what is not offered; it is an error if the person sent it, and not the store. */
function choiceProblem({ form, instance, data, context }, sanitize) {
  const asked = instance.sent === undefined ? instance.value : instance.sent;
  if (isEmpty(asked)) {
    return null;
  }
  const values = optionsOf(form, instance, data, context);
  instance.value = sanitize({ formField: { values }, data: {}, value: asked });
  const isOffered = JSON.stringify(instance.value) === JSON.stringify(asked);
  return isOffered || instance.sent === undefined ? null : '所选内容不在可选范围内。';
}

function optionsOf(form, { field, scope }, data, context) {
  if (field.valuesKey !== undefined) {
    return Object.hasOwn(context, field.valuesKey) ? context[field.valuesKey] : [];
  }
  if (field.values !== undefined) {
    return field.values;
  }
  return toJson(form.language.evaluate(field.valuesExpression, expressionContext(data, scope))) ?? [];
}

function pastDateProblem({ instance: { field, kept, value }, now }) {
  if (!field.disallowPassedDates || field.subtype === 'time' || isEmpty(value) || value === kept) {
    return null;
  }
  return localDay(value) < today(now) ? '不能选择今天以前的日期。' : null;
}

function fileCountProblem({ form, instance: { field, scope, value }, data }) {
  if (isEmpty(value) || value.length <= 1) {
    return null;
  }
  const multiple = form.language.isExpression(field.multiple)
    ? form.language.evaluate(field.multiple, expressionContext(data, scope))
    : field.multiple;
  return multiple === true ? null : '只能上传一个文件。';
}
