import { _ } from '../texts.js';

/** The file as it is written, for what no editor can open: nothing of it is lost. */
export function openSource(element, { content, readOnly, onChange }) {
  const text = document.createElement('textarea');
  text.className = 'form-control design-source';
  text.setAttribute('aria-label', _('文件原文'));
  text.spellcheck = false;
  text.readOnly = readOnly;
  text.value = content;
  text.addEventListener('input', onChange);
  element.querySelector('[data-canvas]').replaceChildren(text);
  return {
    content: async () => text.value,
    mark: () => {},
    select: () => text.focus(),
    settle: async () => {},
  };
}
