import '@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import './form.css';
import { Form } from '@bpmn-io/form-js-viewer';
import { Settings } from 'luxon';
import { get, set } from 'min-dash';
import { calendarFrom, setCalendar } from '../../../feel/helper/feelin/working-days.js';
import { refusalOf } from '../../../feel/helper/form-refusals.js';
import { translate } from '../../../feel/helper/form-translate.js';
import { writeDaysInOneWay } from './day-field.js';
import { fileField } from './file-field.js';
import { finishDom } from './form-dom.js';

writeDaysInOneWay();
Settings.defaultLocale = 'zh-CN';

/**
 * Shows a form-js form in `container` and returns it as the page uses it. `data` are the values,
 * `files` what is known of the documents they name, `upload` where a file field sends its files,
 * `workingDays` the calendar, where expressions count by it.
 */
export async function showForm(container, { schema, data, files, upload, readOnly, workingDays }) {
  if (workingDays) setCalendar(calendarFrom(workingDays));
  container.classList.toggle('form-read-only', Boolean(readOnly));
  const uploads = { pending: 0 };
  const form = new Form({
    container,
    // What is typed counts at once: a draft or a submission a moment later must have it.
    debounce: false,
    properties: { readOnly },
    additionalModules: [
      { translate: ['value', translate] },
      fileField({ upload, files: files ?? {}, uploads }),
    ],
  });
  await form.importSchema(withoutEnglishTimes(schema), data);
  finishDom(container);
  return {
    entered: () => entered(form),
    validate: (outcome) => validate(form, outcome),
    showErrors: (errors) => showErrors(form, errors),
    onChange: (listener) => form.on('field.updated', listener),
    uploading: () => uploads.pending > 0,
  };
}

/** Checks the fields, and the texts that refuse this outcome while they are shown. */
function validate(form, outcome) {
  const errors = form.validate();
  const refused = refusals(form, outcome);
  for (const [path, message] of refused) set(errors, path, [...(get(errors, path) ?? []), message]);
  if (refused.length) form._setState({ errors });
  return Object.keys(errors).length === 0;
}

/** Pairs of where form-js keeps a field's errors, and what the text beside the field says. */
function refusals(form, outcome) {
  const registry = form.get('formFieldRegistry');
  const shown = form.get('formFieldInstanceRegistry');
  return shown.getAll().flatMap(({ id, indexes }) => {
    const refusal = refusalOf(registry.get(id), outcome);
    if (!refusal) return [];
    const rows = Object.values(indexes ?? {});
    const field = shown.getAllKeyed().find((one) => {
      const beside = String(Object.values(one.indexes ?? {})) === String(rows);
      return beside && registry.get(one.id).key === refusal.key;
    });
    return [[[field?.id ?? id, ...rows], refusal.message]];
  });
}

/** A 12-hour clock would say AM and PM: times are shown by 24 hours. */
function withoutEnglishTimes(schema) {
  if (schema.components) return { ...schema, components: schema.components.map(withoutEnglishTimes) };
  return schema.type === 'datetime' ? { ...schema, use24h: true } : schema;
}

/** What the person may fill in, as it is now; values that are only shown stay out of it. */
function entered(form) {
  const registry = form.get('formFieldRegistry');
  const { data } = form._getState();
  const values = {};
  for (const { id, valuePath } of form.get('formFieldInstanceRegistry').getAllKeyed()) {
    const field = registry.get(id);
    if (field.disabled || field.readonly === true) continue;
    set(values, valuePath, valuePath.reduce((value, part) => value?.[part], data) ?? null);
  }
  return values;
}

/**
 * Shows the server's findings at the fields and returns the messages that belong to no field.
 * `errors` is `{path: [messages]}`; form-js keeps them by field and row.
 */
function showErrors(form, errors) {
  const left = { ...errors };
  const shown = {};
  for (const { id, valuePath, indexes } of form.get('formFieldInstanceRegistry').getAllKeyed()) {
    const path = said(valuePath);
    if (!left[path]) continue;
    set(shown, [id, ...Object.values(indexes ?? {})], left[path]);
    delete left[path];
  }
  form._setState({ errors: shown });
  return Object.values(left).flat();
}

/** `['rows', 0, 'scan']` as the server writes it: `rows[0].scan`. */
export function said(path) {
  return path.reduce(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${part}` : part,
    '',
  );
}
