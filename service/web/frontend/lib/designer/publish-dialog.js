import { _ } from '../texts.js';
import { explanation } from './problems.js';

/**
 * Asks once more, with what is doubtful, a word on what changed, and which of the working copies
 * that the design refers to are published as well. `publish(note, companions)`.
 */
export class PublishDialog {
  constructor(root, publish) {
    this.dialog = root.querySelector('[data-publish-dialog]');
    this.doubts = this.dialog.querySelector('[data-doubts]');
    this.form = this.dialog.querySelector('[data-publish-form]');
    this.choice = this.dialog.querySelector('[data-companions]');
    this.companions = [];
    this.form.addEventListener('submit', async (event) => {
      event.preventDefault();
      const button = this.form.querySelector('[type=submit]');
      button.disabled = true;
      await publish(this.form.elements.note.value, this.chosen());
      button.disabled = false;
    });
  }

  /** `problems` are the design's own; those of a companion say which `design` they belong to. */
  ask(problems, companions) {
    const own = problems.filter(({ design }) => !design);
    this.doubts.replaceChildren(...own.map(explanation));
    this.doubts.hidden = own.length === 0;
    this.companions = companions;
    this.choice.querySelectorAll('label').forEach((label) => label.remove());
    this.choice.append(...companions.map((one) => option(one, errorsOf(one, problems))));
    this.choice.hidden = companions.length === 0;
    this.dialog.showModal();
    this.form.elements.note.focus();
  }

  chosen() {
    const boxes = [...this.choice.querySelectorAll('input')];
    return this.companions
      .filter((_one, index) => boxes[index].checked)
      .map(({ kind, id, revision, newest }) => ({ kind, id, revision, replaces: newest }));
  }

  close() {
    this.dialog.close();
  }
}

function errorsOf(companion, problems) {
  return problems.filter(
    ({ design, severity }) => severity === 'error' && design?.url === companion.url,
  ).length;
}

/** One with errors of its own stays as it is: what it belongs to need not wait for it. */
function option({ kindName, name, newest, editedBy, editedAt }, errors) {
  const label = document.createElement('label');
  label.className = 'form-check';
  const box = document.createElement('input');
  box.type = 'checkbox';
  box.className = 'form-check-input';
  box.checked = errors === 0;
  box.disabled = errors > 0 || !newest;
  const text = document.createElement('span');
  text.className = 'form-check-label';
  text.textContent = _('{kind}“{name}”', { kind: kindName, name });
  const fact = document.createElement('span');
  fact.className = 'form-check-description';
  const saved = _('{who}，{when}保存', { who: editedBy, when: editedAt });
  fact.textContent = newest ? saved : _('{saved}；还没有发布过，必须一起发布', { saved });
  if (errors) fact.textContent = _('有 {count} 处错误，改正之前不能发布', { count: errors });
  label.append(box, text, fact);
  return label;
}
