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
    throw new Failure('form-invalid', { detail: importWords(error) });
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

const REFUSED = [
  [/^字段键「.*」重复了$/s, ([said]) => said],
  [/^cannot claim path '(.*)'$/, ([, path]) => `字段键「${path}」与上层的键冲突`],
  [/^form field of type <(.*)> not supported$/, ([, type]) => `不认识组件类型「${type}」`],
  [/^form field with id <(.*)> already exists$/i, ([, id]) => `组件标识「${id}」重复`],
];

/** The words for an error that form-js's importer threw: its own are English. */
function importWords(error) {
  for (const [pattern, words] of REFUSED) {
    const match = pattern.exec(error.message);
    if (match) {
      return words(match);
    }
  }
  return '组件的属性写法不对';
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
