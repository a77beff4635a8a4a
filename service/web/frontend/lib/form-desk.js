import { Draft } from './draft.js';
import { confirmOutcome } from './form-confirm.js';
import { hideSummary, showSummary } from './form-summary.js';
import { showForm } from './form-view.js';
import { Refusal, renewSession, send } from './http.js';
import { notify, signInParts, signInPath } from './notices.js';
import { _ } from './texts.js';

/**
 * The place where a task or a start form is filled in and submitted. `given`: `schema` (null: no
 * form), `data`, `files`, `readOnly`, and when it may be filled in `submit` (`url` and what else
 * the server wants back), `draft` (`url`) and `upload`.
 */
export async function mountForm(element, given) {
  const container = element.querySelector('[data-form]');
  const view = given.schema ? await showForm(container, given) : NO_FORM;
  if (given.submit) new Desk(element, container, view, given);
  element.dataset.ready = '';
}

const NO_FORM = {
  entered: () => ({}),
  validate: () => true,
  showErrors: (errors) => Object.values(errors).flat(),
  onChange: () => {},
  uploading: () => false,
};

class Desk {
  constructor(element, container, view, given) {
    this.element = element;
    this.container = container;
    this.view = view;
    this.given = given;
    this.summary = element.querySelector('[data-summary]');
    this.comment = element.querySelector('[data-comment]');
    this.commentError = element.querySelector('[data-comment-error]');
    this.buttons = [...element.querySelectorAll('[data-outcome]')];
    this.busy = false;
    this.draft = new Draft({
      url: given.draft.url,
      content: () => ({ data: view.entered(), comment: this.comment?.value ?? '' }),
      say: (text) => {
        element.querySelector('[data-draft-state]').textContent = text;
      },
    });
    view.onChange(() => this.draft.changed());
    container.addEventListener('input', () => this.draft.changed());
    this.comment?.addEventListener('input', () => {
      this.showCommentError('');
      this.draft.changed();
    });
    for (const button of this.buttons) {
      // Leaving a field may show its error and move the button away from under the pointer: the
      // field is left when the button was pressed, not while it is being pressed.
      button.addEventListener('pointerdown', (event) => event.preventDefault());
      button.addEventListener('mousedown', (event) => event.preventDefault());
      button.addEventListener('click', () => this.press(button));
    }
    window.addEventListener('focus', () => this.comeBack());
  }

  async press(button) {
    if (this.busy) return;
    // form-js takes over a date that was typed when its field is left.
    document.activeElement?.blur();
    await rendered(FRAMES_OF_A_DATE);
    if (this.busy || !(await this.inOrder(button))) return;
    if (this.buttons.length > 1 && !(await confirmOutcome(button, this.comment?.value))) {
      button.focus();
      return;
    }
    await this.submit(button);
  }

  async inOrder(button) {
    hideSummary(this.summary);
    const complete = this.view.validate(button.dataset.outcome || null);
    const silent = 'commentRequired' in button.dataset && !this.comment.value.trim();
    this.showCommentError(silent ? _('选择“{label}”需要填写意见。', outcome(button)) : '');
    const others = silent ? [_('选择“{label}”需要填写意见。', outcome(button))] : [];
    if (this.view.uploading()) others.push(_('还有文件正在上传，请等上传完成再提交。'));
    if (complete && others.length === 0) return true;
    await rendered();
    showSummary(this.summary, this.container, others);
    if (complete && silent) {
      this.comment.focus();
      this.comment.scrollIntoView({ block: 'center' });
    }
    return false;
  }

  async submit(button) {
    this.setBusy(true, button);
    this.draft.stop();
    try {
      const { location } = await send('POST', this.given.submit.url, {
        ...this.given.submit.body,
        outcome: button.dataset.outcome || null,
        comment: this.comment?.value ?? '',
        data: this.view.entered(),
      });
      window.location.assign(location);
    } catch (refusal) {
      this.setBusy(false, button);
      if (!(refusal instanceof Refusal)) throw refusal;
      await this.refused(refusal);
    }
  }

  async refused(refusal) {
    if (refusal.status === 409 && refusal.code !== 'other-person') {
      if (refusal.draftKept) {
        // There is nothing to save here any more.
        notify('', { kind: 'danger', html: [refusal.message, ' ', reloadLink()] });
      } else {
        this.draft.holdHere();
        notify(refusal.message, { kind: 'danger' });
      }
      return;
    }
    this.draft.resume({ lost: refusal.draftKept !== true });
    if (refusal.draftKept === false) this.draft.holdHere();
    if (refusal.signedOut) {
      notify('', { kind: 'danger', html: signInParts() });
      return;
    }
    const { comment, ...fields } = refusal.errors;
    if (comment) this.showCommentError(comment.join(' '));
    const others = [...(comment ?? []), ...this.view.showErrors(fields)];
    await rendered();
    const listed = Object.keys(refusal.errors).length > 0;
    if (listed) showSummary(this.summary, this.container, others);
    if (!listed || refusal.draftKept === false) notify(refusal.message, { kind: 'danger' });
  }

  /** Back from the window where the person signed in again: the page may go on. */
  async comeBack() {
    if (!document.querySelector(`#notices a[href^="${signInPath()}"]`)) return;
    try {
      await renewSession();
      notify(_('已重新登录，内容都在，可以继续提交。'));
      this.draft.resume();
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      if (!refusal.signedOut) notify(refusal.message, { kind: 'danger' });
    }
  }

  showCommentError(message) {
    if (!this.commentError) return;
    this.commentError.textContent = message;
    this.comment.classList.toggle('is-invalid', message !== '');
    if (message) this.comment.setAttribute('aria-invalid', 'true');
    else this.comment.removeAttribute('aria-invalid');
  }

  setBusy(busy, pressed) {
    this.busy = busy;
    this.element.setAttribute('aria-busy', String(busy));
    for (const button of this.buttons) button.disabled = busy;
    pressed.classList.toggle('btn-loading', busy);
  }
}

function outcome(button) {
  return { label: button.textContent.trim() };
}

function reloadLink() {
  const link = document.createElement('a');
  link.href = window.location.href;
  link.className = 'alert-link';
  link.textContent = _('刷新查看');
  return link;
}

/** Frames until a date or time that was left has come through form-js's chain of effects. */
const FRAMES_OF_A_DATE = 8;

/** form-js renders a moment after its state changed. */
async function rendered(frames = 2) {
  for (let frame = 0; frame < frames; frame += 1) {
    await new Promise((resolve) => {
      requestAnimationFrame(resolve);
    });
  }
}
