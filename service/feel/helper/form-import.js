import { Form } from '@bpmn-io/form-js-viewer';

import { BoundedCache } from './bounded-cache.js';
import { compiled } from './compiled.js';
import { Failure } from './failure.js';
import { translate } from './form-translate.js';
import { shapeOf } from './shape.js';

/** In characters of schemas; an imported form takes some twenty times its text. */
const LIMIT = 400_000;

const imported = new BoundedCache(LIMIT);

/**
 * A schema in form-js's own parts: `{ root, validator, conditionChecker, fieldTypes, language }`.
 * Throws Failure 'form-invalid' when form-js's importer refuses it.
 */
export function importForm(schemaText) {
  let form = imported.get(schemaText);
  if (form === undefined) {
    form = importNew(schemaText);
    imported.set(schemaText, form, schemaText.length);
  }
  return form;
}

function importNew(schemaText) {
  const language = new FormLanguage();
  const form = new Form({
    additionalModules: [
      {
        renderer: ['value', {}],
        translate: ['value', translate],
        expressionLanguage: ['value', language],
      },
    ],
  });
  try {
    form.get('importer').importSchema(JSON.parse(schemaText));
  } catch (error) {
    throw new Failure('form-invalid', { detail: error.message });
  }
  return {
    root: form.get('formFieldRegistry').getForm(),
    validator: form.get('validator'),
    conditionChecker: form.get('conditionChecker'),
    templating: form.get('templating'),
    fieldTypes: form.get('formFields'),
    language,
  };
}

/**
 * form-js's expression language over the cache of compiled texts. As in the browser, what cannot
 * be worked out is null here: a half-filled form is the rule, not an error.
 */
class FormLanguage {
  /** To be called whenever names may have come into the data, before expressions are asked. */
  lookAt(data) {
    this.shape = shapeOf(data);
  }

  isExpression(value) {
    return typeof value === 'string' && value.startsWith('=');
  }

  evaluate(expression, data = {}) {
    return this.#valueOf(expression, data, false);
  }

  evaluateUnaryTest(expression, data = {}) {
    return this.#valueOf(expression, data, true);
  }

  #valueOf(expression, data, isUnaryTest) {
    if (!this.isExpression(expression)) {
      return null;
    }
    try {
      return compiled(expression.slice(1), data, this.shape, isUnaryTest)(data).value;
    } catch {
      return null;
    }
  }
}
