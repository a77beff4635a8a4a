import { Description, Errors, Label } from '@bpmn-io/form-js-viewer';
import { h } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { send, sendFile } from './http.js';
import { signInParts, notify } from './notices.js';
import { _ } from './texts.js';

/**
 * Replaces form-js's file field: each file is uploaded when it is chosen, and the value is the list
 * of the documents' keys. `files` tells name and size of documents by key, `uploads.pending` counts
 * what is under way, so that nothing is submitted without it.
 */
export function fileField(desk) {
  function FileField(props) {
    return h(Files, { ...props, desk });
  }
  FileField.config = {
    type: 'filepicker',
    keyed: true,
    name: 'File picker',
    group: 'basic-input',
    emptyValue: null,
    create: (options = {}) => ({ ...options }),
  };
  class Registration {
    static $inject = ['formFields'];

    constructor(formFields) {
      formFields.register('filepicker', FileField);
    }
  }
  return { __init__: ['fileFieldRegistration'], fileFieldRegistration: ['type', Registration] };
}

function Files(props) {
  const { field, domId, errors = [], disabled, readonly, value, fieldInstance, onChange } = props;
  const { desk } = props;
  const input = useRef(null);
  const button = useRef(null);
  const [sending, setSending] = useState([]);
  const [refused, setRefused] = useState([]);
  // The newest value: several uploads may end between two renderings.
  const latest = useRef([]);
  latest.current = Array.isArray(value) ? value : [];
  const keys = latest.current;
  const fixed = disabled || readonly || !desk.upload;
  const several = field.multiple === true || field.multiple === '=true';

  const put = (next) => {
    latest.current = next;
    onChange({ value: next.length ? next : null });
  };

  const choose = async (event) => {
    const chosen = [...event.target.files];
    event.target.value = '';
    setRefused([]);
    for (const file of several ? chosen : chosen.slice(0, 1)) await take(file);
  };

  const take = async (file) => {
    if (file.size > desk.upload.maxBytes) {
      const megabytes = Math.floor(desk.upload.maxBytes / 1048576);
      setRefused((all) => [
        ...all,
        _('文件「{name}」超过 {megabytes} MB，没有上传。请压缩或拆分后再上传。', {
          name: file.name,
          megabytes,
        }),
      ]);
      return;
    }
    const entry = { name: file.name, progress: 0 };
    const redraw = () => setSending((all) => (all.includes(entry) ? [...all] : [...all, entry]));
    desk.uploads.pending += 1;
    redraw();
    try {
      const form = { subject: desk.upload.subject, field: pattern(fieldInstance.valuePath) };
      const { answer, cancel } = sendFile(documentsPath(), form, file, (progress) => {
        entry.progress = progress;
        redraw();
      });
      entry.cancel = cancel;
      const document = await answer;
      if (document) {
        desk.files[document.key] = document;
        put(several ? [...latest.current, document.key] : [document.key]);
      }
    } catch (refusal) {
      if (refusal.signedOut) notify('', { kind: 'danger', html: signInParts() });
      const said = Object.values(refusal.errors ?? {}).flat();
      setRefused((all) => [...all, ...(said.length ? said : [refusal.message])]);
    } finally {
      desk.uploads.pending -= 1;
      setSending((all) => all.filter((one) => one !== entry));
    }
  };

  const remove = (key) => {
    put(latest.current.filter((one) => one !== key));
    // The file itself may be part of an earlier submission; then it stays with that.
    send('DELETE', `${documentsPath()}/${key}`).catch(() => {});
    button.current?.focus();
  };

  const classes = ['fjs-form-field', 'fjs-form-field-filepicker'];
  if (errors.length || refused.length) classes.push('fjs-has-errors');
  if (disabled) classes.push('fjs-disabled');
  if (readonly) classes.push('fjs-readonly');
  const errorId = `${domId}-error-message`;
  const descriptionId = `${domId}-description`;
  const label = h(Label, {
    id: `${domId}-label`,
    htmlFor: fixed ? undefined : domId,
    label: field.label,
    required: field.validate?.required,
  });
  const chooser = () => [
    h(
      'button',
      {
        type: 'button',
        id: domId,
        ref: button,
        class: 'btn btn-sm',
        onClick: () => input.current.click(),
        'aria-labelledby': `${domId}-label ${domId}`,
        'aria-describedby': `${descriptionId} ${domId}-hint ${errorId}`,
      },
      several || keys.length === 0 ? _('选择文件') : _('换一个文件'),
    ),
    h('input', {
      type: 'file',
      ref: input,
      hidden: true,
      multiple: several,
      accept: field.accept || undefined,
      onChange: choose,
    }),
    h('span', { id: `${domId}-hint`, class: 'file-hint' }, hint(field, desk.upload, several)),
  ];
  return h(
    'div',
    { class: classes.join(' ') },
    label,
    keys.length || sending.length
      ? h(
          'ul',
          { class: 'file-list' },
          keys.map((key) => h(Stored, { key, id: key, file: desk.files[key], fixed, remove })),
          sending.map((entry) => h(Sending, { key: entry.name, entry })),
        )
      : null,
    fixed && keys.length === 0 ? h('p', { class: 'file-none' }, _('没有附件')) : null,
    fixed ? null : h('div', { class: 'file-chooser' }, chooser()),
    h(Description, { id: descriptionId, description: field.description }),
    h(Errors, { id: errorId, errors: [...refused, ...errors] }),
  );
}

function Stored({ id, file, fixed, remove }) {
  const name = file?.fileName ?? _('附件');
  return h(
    'li',
    null,
    h('a', { href: `${documentsPath()}/${id}` }, name),
    file ? h('span', { class: 'file-size' }, readableSize(file.size)) : null,
    fixed
      ? null
      : h(
          'button',
          {
            type: 'button',
            class: 'btn btn-sm',
            'aria-label': _('移除附件 {name}', { name }),
            onClick: () => remove(id),
          },
          _('移除'),
        ),
  );
}

function Sending({ entry }) {
  return h(
    'li',
    null,
    h('span', null, _('正在上传 {name}', { name: entry.name })),
    h('progress', { max: 1, value: entry.progress, 'aria-label': _('上传进度') }),
    h('button', { type: 'button', class: 'btn btn-sm', onClick: () => entry.cancel?.() }, _('取消')),
  );
}

/** What may be chosen: the endings the form names, else all that the server takes. */
function hint(field, upload, several) {
  const values = {
    megabytes: Math.floor(upload.maxBytes / 1048576),
    types: endings(field.accept) || upload.types,
  };
  return several
    ? _('{types}，可选多个，每个不超过 {megabytes} MB', values)
    : _('{types}，不超过 {megabytes} MB', values);
}

function endings(accept) {
  const named = (accept ?? '').split(',').map((one) => one.trim());
  const plain = named.filter((one) => /^\.\w+$/.test(one));
  return plain.map((one) => one.slice(1).toUpperCase()).join('、');
}

/** `['rows', 0, 'scan']` as the form declares it: `rows[].scan`. */
function pattern(path) {
  return path.reduce(
    (text, part) => (typeof part === 'number' ? `${text}[]` : text ? `${text}.${part}` : part),
    '',
  );
}

export function readableSize(bytes) {
  if (bytes < 1024) return _('{bytes} 字节', { bytes });
  if (bytes < 1048576) return _('{kilobytes} KB', { kilobytes: Math.ceil(bytes / 1024) });
  return _('{megabytes} MB', { megabytes: (bytes / 1048576).toFixed(1) });
}

/** Where this page's files lie: the public has a place of its own. */
function documentsPath() {
  return document.body.dataset.documents ?? '/documents';
}
