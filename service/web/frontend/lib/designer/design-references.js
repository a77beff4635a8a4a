import { send } from '../http.js';

/** Milliseconds for which what was asked is taken to be so. */
const FRESH = 5000;

/**
 * What a diagram can refer to, for the panel of properties. Asked anew when the person comes back
 * to the window: a form may have been made in another one.
 */
export class DesignReferences {
  constructor(eventBus, url) {
    this.eventBus = eventBus;
    this.url = url;
    this.known = {};
    this.asked = 0;
    if (!url) return;
    this.ask();
    const comeBack = () => this.ask();
    window.addEventListener('focus', comeBack);
    eventBus.on('diagram.destroy', () => window.removeEventListener('focus', comeBack));
  }

  /** `[{id, name, published, url}]` of a kind. */
  of(kind) {
    return this.known[kind] ?? [];
  }

  async ask() {
    if (Date.now() - this.asked < FRESH) return;
    this.asked = Date.now();
    try {
      this.known = await send('GET', this.url);
      this.eventBus.fire('propertiesPanel.providersChanged');
    } catch {
      // Ids can be written by hand; the check tells which of them do not exist.
    }
  }
}
DesignReferences.$inject = ['eventBus', 'config.referencesUrl'];

export default {
  designReferences: ['type', DesignReferences],
};
