import { SyntaxError as FeelSyntaxError } from '@bpmn-io/feelin';

import { compiled } from './compiled.js';
import { syntaxProblem } from './expressions.js';
import { Failure, wordsFor } from './failure.js';
import { expressionContext } from './form-scope.js';
import { put, toJson } from './values.js';
import { missingIn } from './warnings.js';

/** Fields that hide and compute each other in a circle are left as they are after so many rounds. */
const MOST_ROUNDS = 10;

/**
 * Works out what is hidden, what is read-only and what computed fields hold, until nothing changes:
 * as in the browser, a hidden field counts for the others as what it held at the beginning.
 */
export function settle(form, instances, data) {
  for (const instance of instances.filter(({ place }) => place)) {
    instance.value = instance.field.type === 'expression' ? instance.before : instance.offered;
    put(instance.place.tree, instance.name, instance.value);
  }
  const rounds = instances.some(hasExpression) ? MOST_ROUNDS : 1;
  for (let round = 0, changed = true; changed && round < rounds; round += 1) {
    form.language.lookAt(data);
    changed = instances.map((instance) => refresh(form, instance, data)).includes(true);
  }
}

function hasExpression({ field }) {
  return Boolean(field.conditional?.hide) || field.type === 'expression' || isExpression(field.readonly);
}

function isExpression(value) {
  return typeof value === 'string' && value.startsWith('=');
}

/** Brings one instance up to date; says whether something changed. */
function refresh(form, instance, data) {
  const { field, container } = instance;
  const hidden = Boolean(container?.hidden) || holds(form, instance, field.conditional?.hide, data);
  const isReadOnly = isExpression(field.readonly) ? holds(form, instance, field.readonly, data) : Boolean(field.readonly);
  const locked = Boolean(field.disabled) || isReadOnly;
  const changed = hidden !== instance.hidden || locked !== instance.locked;
  Object.assign(instance, { hidden, locked });
  return instance.place ? showValue(form, instance, data) || changed : changed;
}

function holds(form, { scope }, test, data) {
  return isExpression(test) && form.conditionChecker.check(test, expressionContext(data, scope)) === true;
}

function showValue(form, instance, data) {
  const value = valueOf(form, instance, data);
  const changed = instance.field.type === 'expression' ? !isSame(value, instance.value) : value !== instance.value;
  instance.value = value;
  put(instance.place.tree, instance.name, value);
  return changed;
}

function valueOf(form, instance, data) {
  if (instance.hidden) {
    return instance.initial;
  }
  if (instance.field.type === 'expression') {
    return computed(form, instance, data);
  }
  return instance.locked && !instance.rows ? instance.before : instance.offered;
}

/** A computed field is written down, so unlike form-js's it may not be null for a missing name. */
function computed(form, { field, scope }, data) {
  if (!isExpression(field.expression)) {
    return field.expression ?? null;
  }
  const text = field.expression.slice(1);
  const context = expressionContext(data, scope);
  try {
    const { value, warnings } = compiled(text, context, form.language.shape)(context);
    const failure = missingIn(warnings, text);
    if (failure) {
      throw failure;
    }
    toJson(value);
    return value ?? null;
  } catch (error) {
    throw failureWith(error, text);
  }
}

function failureWith(error, text) {
  if (error instanceof Failure) {
    error.fields.text = text;
    return error;
  }
  return error instanceof FeelSyntaxError
    ? new Failure('syntax', { text, ...syntaxProblem(error) })
    : new Failure('evaluation', { text, detail: wordsFor(error) });
}

function isSame(left, right) {
  return JSON.stringify(toJson(left)) === JSON.stringify(toJson(right));
}
