import { Refusal, send } from './http.js';
import { notify, signInParts } from './notices.js';
import { _ } from './texts.js';

const PAUSE_MS = 1500;
const RETRY_MS = 15000;

/**
 * Saves what is being written by itself: a moment after the last change, at once when the page is
 * hidden, again when it did not succeed. `content()` gives what to save, `say(text)` shows how far.
 * Who only looks changes nothing, though form-js says so while it sets itself up.
 */
export class Draft {
  constructor({ url, content, say }) {
    this.url = url;
    this.content = content;
    this.say = say;
    this.timer = null;
    this.kept = this.text();
    this.dirty = false;
    this.stopped = false;
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden' && this.dirty) this.save({ keepalive: true });
    });
    window.addEventListener('beforeunload', (event) => {
      if (this.dirty && !this.stopped) event.preventDefault();
    });
  }

  text() {
    return JSON.stringify(this.content());
  }

  changed() {
    if (this.stopped || (!this.dirty && this.text() === this.kept)) return;
    this.dirty = true;
    this.say(_('正在填写，稍后自动保存草稿…'));
    this.later(PAUSE_MS);
  }

  later(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), milliseconds);
  }

  async save(options = {}) {
    clearTimeout(this.timer);
    if (this.stopped) return;
    this.dirty = false;
    const content = this.content();
    this.kept = JSON.stringify(content);
    try {
      const { savedAt } = await send('PUT', this.url, content, options);
      if (!this.dirty) this.say(_('草稿已保存 {time}', { time: savedAt }));
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      this.failed(refusal);
    }
  }

  failed(refusal) {
    this.dirty = true;
    if (refusal.signedOut) notify('', { kind: 'danger', html: signInParts() });
    if (refusal.status === 0 || refusal.status >= 500 || refusal.signedOut) {
      this.say(_('草稿还没有保存，稍后会再试；内容仍在本页。'));
      this.later(RETRY_MS);
    } else {
      this.say(_('草稿没有保存：{reason}', { reason: refusal.message }));
    }
  }

  /** The entry was submitted (or is about to be): nothing more to save. */
  stop() {
    clearTimeout(this.timer);
    this.stopped = true;
  }

  /** The entry was not taken; `lost` when no draft of it was kept either. */
  resume({ lost = false } = {}) {
    this.stopped = false;
    this.dirty ||= lost;
    this.changed();
  }

  /** The entry is nowhere but in this page: leaving it asks first. */
  holdHere() {
    this.stopped = false;
    this.dirty = true;
    this.say(_('草稿没有保存，内容只在本页。'));
  }
}
