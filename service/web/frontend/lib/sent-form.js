import { Refusal, sendFields } from './http.js';
import { notify } from './notices.js';
import { _ } from './texts.js';

/**
 * Sends a plain form by script, so that a refusal changes nothing on the page: what was written and
 * the files that were chosen stay. Without scripts the same form is sent by the browser.
 */
export function sendForm(form) {
  const text = form.querySelector('[data-limit]');
  const count = () => showCount(form, text);
  text.addEventListener('input', count);
  count();
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (form.getAttribute('aria-busy') === 'true') return;
    setBusy(form, true);
    clearErrors(form);
    try {
      const { location } = await sendFields(form.action, new FormData(form));
      window.location.assign(location);
    } catch (refusal) {
      setBusy(form, false);
      if (!(refusal instanceof Refusal)) throw refusal;
      showRefusal(form, refusal);
    }
  });
}

function showCount(form, text) {
  const limit = Number(text.dataset.limit);
  const length = [...text.value.replaceAll('\r\n', '\n').trim()].length;
  const over = length > limit;
  form.querySelector('[data-counter]').textContent = _('，现在 {length} 个', { length });
  text.classList.toggle('is-invalid', over);
}

function showRefusal(form, refusal) {
  const fields = Object.entries(refusal.errors);
  for (const [name, messages] of fields) {
    const place = form.querySelector(`#${CSS.escape(name)}-error`);
    if (place) place.textContent = messages.join(' ');
    form.elements[name]?.classList.add('is-invalid');
  }
  const first = fields.map(([name]) => form.elements[name]).find(Boolean);
  notify(refusal.message, { kind: 'danger' });
  first?.focus();
}

function clearErrors(form) {
  for (const place of form.querySelectorAll('[id$="-error"]')) place.textContent = '';
  for (const field of form.querySelectorAll('.is-invalid')) field.classList.remove('is-invalid');
}

function setBusy(form, busy) {
  form.setAttribute('aria-busy', String(busy));
  const button = form.querySelector('[type=submit]');
  button.disabled = busy;
  button.dataset.label ??= button.textContent;
  button.textContent = busy ? _('正在提交…') : button.dataset.label;
}
