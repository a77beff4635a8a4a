import './designer.css';
import { Refusal, renewSession, send } from '../http.js';
import { notify, signInParts } from '../notices.js';
import { _ } from '../texts.js';
import { downloadFile } from './download.js';
import { hinders, showProblems } from './problems.js';
import { PublishDialog } from './publish-dialog.js';
import { openSource } from './source-editor.js';

/** Milliseconds from the last change to the saving that nobody asked for. */
const PAUSE = 3000;

/** Milliseconds until a saving that did not reach the server is tried again. */
const RETRY = 15000;

/** Below this width nothing can be drawn sensibly: the page shows and does not change. */
const WIDE_ENOUGH = '(min-width: 768px)';

/**
 * The place where a design is changed, checked and published. `given`: `content`, `fileName`,
 * `readOnly`, `revision` (0: no working copy yet), `base`, `newest`, `urls`. `open(element,
 * {content, readOnly, urls, onChange})` shows the content and gives `{content(), mark(problems),
 * select(problem), settle()}`, perhaps `nameOf(id)`; what it cannot read is shown as text.
 */
export async function mountDesk(element, given, open) {
  const narrow = !given.readOnly && !window.matchMedia(WIDE_ENOUGH).matches;
  const desk = new Desk(element, { ...given, readOnly: given.readOnly || narrow }, narrow);
  await desk.open(open);
  element.dataset.ready = '';
}

class Desk {
  constructor(element, given, narrow) {
    this.element = element;
    this.given = given;
    this.revision = given.revision;
    this.edits = 0;
    this.saved = 0;
    this.saving = null;
    this.overtaken = false;
    this.leaving = false;
    this.part('narrow').hidden = !narrow;
    if (given.readOnly) this.hideTools(narrow);
    else this.wire();
    this.part('download').addEventListener('click', (event) => this.download(event));
  }

  part(name) {
    return this.element.querySelector(`[data-${name}]`);
  }

  async open(open) {
    const { content, readOnly, urls } = this.given;
    const options = { content, readOnly, urls, onChange: () => this.changed() };
    try {
      this.editor = await open(this.element, options);
    } catch (error) {
      console.warn(error);
      this.part('unreadable').hidden = false;
      this.editor = openSource(this.element, options);
    }
  }

  hideTools(narrow) {
    if (!narrow) return;
    for (const name of ['save', 'check', 'publish', 'discard']) this.part(name).hidden = true;
  }

  wire() {
    this.part('save').addEventListener('click', () => this.saveNow());
    this.part('check').addEventListener('click', () => this.check());
    this.part('publish').addEventListener('click', () => this.publish());
    this.dialog = new PublishDialog(document, (note, companions) =>
      this.publishNow(note, companions),
    );
    const discarding = document.querySelector('[data-discard-dialog]');
    this.part('discard').addEventListener('click', () => this.askToDiscard(discarding));
    discarding.addEventListener('submit', () => {
      this.leaving = true;
    });
    document.addEventListener('keydown', (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 's') return;
      event.preventDefault();
      this.saveNow();
    });
    window.addEventListener('beforeunload', (event) => {
      if (this.edits !== this.saved && !this.leaving) event.preventDefault();
    });
    document.addEventListener('visibilitychange', () => {
      if (document.hidden && !this.overtaken) this.save();
    });
    window.addEventListener('focus', () => this.comeBack());
    window.addEventListener('online', () => this.saveAgain());
  }

  changed() {
    this.edits += 1;
    if (this.overtaken) return;
    this.say(_('有改动还没有保存'));
    this.scheduleSaving();
  }

  scheduleSaving() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  say(text) {
    this.part('state').textContent = text;
  }

  /** What is being typed counts as well. */
  async saveNow() {
    await this.editor.settle();
    if (await this.save()) this.say(this.savedText ?? _('没有改动，不用保存'));
  }

  /** True when all that was changed is kept; one saving at a time. */
  async save() {
    clearTimeout(this.timer);
    while (this.saving) await this.saving;
    if (this.edits === this.saved) return true;
    if (this.overtaken) return false;
    this.saving = this.attempt().finally(() => {
      this.saving = null;
    });
    return this.saving;
  }

  async attempt() {
    const { edits } = this;
    this.say(_('正在保存…'));
    try {
      const content = await this.editor.content();
      const answer = await send('PUT', this.address('save'), content);
      this.revision = answer.revision;
      this.saved = edits;
      this.savedText = _('工作副本已保存 {time}', { time: answer.savedAt });
      this.say(this.edits === edits ? this.savedText : _('有改动还没有保存'));
      this.call(answer.name);
      this.unsaved?.remove();
      for (const tool of this.element.querySelectorAll('[data-discard], [data-compare]')) {
        tool.hidden = false;
      }
      if (this.edits !== edits) this.scheduleSaving();
      return true;
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      this.say(_('没有保存，改动还在本页'));
      this.unsaved = this.refused(refusal, {
        signedOut: _('登录已过期，改动没有保存，但都还在本页。请'),
        passing: _('系统会自动再试。'),
      });
      if (isPassing(refusal)) this.timer = setTimeout(() => this.saveAgain(), RETRY);
      return false;
    }
  }

  /** After a saving that was not answered; what was refused for a reason waits for the person. */
  saveAgain() {
    if (this.edits !== this.saved && !this.overtaken && document.contains(this.unsaved ?? null)) {
      this.save();
    }
  }

  /** The name may have been changed in the design itself. */
  call(name) {
    document.querySelector('[data-design-name]').textContent = name;
  }

  address(name) {
    const query = new URLSearchParams({ revision: this.revision, base: this.given.base ?? '' });
    return `${this.given.urls[name]}?${query}`;
  }

  refused(refusal, { signedOut = _('登录已过期，没有完成；本页内容还在。请'), passing = '' } = {}) {
    if (refusal.code.startsWith('working-copy.') && refusal.status === 409) {
      this.overtaken = true;
      return notify('', { kind: 'danger', html: [refusal.message, ' ', ...this.waysOut()] });
    }
    if (refusal.signedOut) {
      const html = signInParts(signedOut, _('，登录后回到这里，改动会自动保存。'));
      return notify('', { kind: 'danger', html });
    }
    const text = isPassing(refusal) ? refusal.message + passing : refusal.message;
    return notify(text, { kind: 'danger' });
  }

  waysOut() {
    return [
      action(_('下载我的内容'), () => this.download()),
      action(_('载入最新内容'), () => {
        this.leaving = true;
        window.location.reload();
      }),
    ];
  }

  async download(event) {
    event?.preventDefault();
    await this.editor.settle();
    downloadFile(this.given.fileName, await this.editor.content());
  }

  /** Lists what is wrong; returns `{problems, companions}`, or null when nobody could tell. */
  async check() {
    await this.editor.settle();
    try {
      const content = await this.editor.content();
      const found = await send('POST', this.address('check'), content);
      this.show(found.problems);
      return found;
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      this.refused(refusal);
      return null;
    }
  }

  show(problems) {
    const { nameOf } = this.editor;
    const select = (problem) => {
      this.part('canvas').scrollIntoView({ block: 'nearest' });
      this.editor.select(problem);
    };
    showProblems(this.part('problems'), problems, { select, nameOf });
    this.editor.mark(problems.filter(({ design }) => !design));
  }

  async publish() {
    await this.editor.settle();
    if (!(await this.save())) return;
    if (this.revision === 0) {
      notify(_('没有改动，和现有版本一样，不用发布。'), { kind: 'info' });
      return;
    }
    const found = await this.check();
    if (found === null) return;
    if (found.problems.some(hinders)) {
      this.part('problems').focus();
      return;
    }
    this.dialog.ask(found.problems, found.companions);
  }

  async publishNow(note, companions) {
    const body = { revision: this.revision, replaces: this.given.newest, note, companions };
    try {
      const { location } = await send('POST', this.given.urls.publish, body);
      this.leaving = true;
      window.location.assign(location);
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      this.dialog.close();
      if (refusal.problems.length) {
        this.show(refusal.problems);
        notify(_('没有发布：有错误，见检查结果。工作副本都在。'), { kind: 'danger' });
      } else {
        this.refused(refusal);
      }
    }
  }

  async askToDiscard(dialog) {
    if (this.saving) await this.saving;
    clearTimeout(this.timer);
    dialog.querySelector('[name=revision]').value = this.revision;
    dialog.showModal();
  }

  /** Back from the window where the person signed in again: the page may go on. */
  async comeBack() {
    if (!document.querySelector('#notices a[href^="/sign-in"]')) return;
    try {
      await renewSession();
      notify(_('已重新登录，改动都在，可以继续保存。'));
      this.save();
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      if (!refusal.signedOut) notify(refusal.message, { kind: 'danger' });
    }
  }
}

/** Nobody answered, or the server was in trouble: another time may do. */
function isPassing({ status }) {
  return status === 0 || status >= 500;
}

function action(text, act) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'btn btn-sm me-2';
  button.textContent = text;
  button.addEventListener('click', act);
  return button;
}
