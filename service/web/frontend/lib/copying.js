import { _ } from './texts.js';

/** `[data-copies=id]` copies what that field holds; without scripts the field can be selected. */
export function copyFields() {
  for (const button of document.querySelectorAll('[data-copies]')) {
    const field = document.getElementById(button.dataset.copies);
    button.hidden = false;
    button.addEventListener('click', async () => {
      button.textContent = (await copy(field)) ? _('已复制') : _('请按 Ctrl+C');
    });
  }
}

async function copy(field) {
  field.focus();
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    // Over plain HTTP there is no clipboard: the selection is there for Ctrl+C.
    return false;
  }
}
