import { explanation } from './problems.js';

/** Asks once more, with what is doubtful and a word on what changed. */
export class PublishDialog {
  constructor(root, publish) {
    this.dialog = root.querySelector('[data-publish-dialog]');
    this.doubts = this.dialog.querySelector('[data-doubts]');
    this.form = this.dialog.querySelector('[data-publish-form]');
    this.form.addEventListener('submit', async (event) => {
      event.preventDefault();
      const button = this.form.querySelector('[type=submit]');
      button.disabled = true;
      await publish(this.form.elements.note.value);
      button.disabled = false;
    });
  }

  ask(problems) {
    this.doubts.replaceChildren(...problems.map(explanation));
    this.doubts.hidden = problems.length === 0;
    this.dialog.showModal();
    this.form.elements.note.focus();
  }

  close() {
    this.dialog.close();
  }
}
