import { isContext, own, put } from './values.js';

/**
 * One object of a submission that is being filled: the form's own, a group's, or a row's.
 *
 * `sent` is what the person submitted for it, `kept` what the store has, `fallback` what counts
 * where nothing was sent (the store's value, but in a submitted row nothing). `tree` is what
 * expressions see, `output` what is accepted.
 */
export class Place {
  #inner = new Map();

  constructor({ sent, kept, fallback, path = '', scope = null, merges = false }) {
    Object.assign(this, { sent, kept, fallback, path, scope, merges });
    this.isRoot = false;
    this.tree = merges ? { ...kept } : {};
    this.output = merges ? { ...kept } : {};
  }

  static root(sent, context) {
    const root = new Place({ sent, kept: context, fallback: context, merges: true });
    root.isRoot = true;
    root.output = {};
    return root;
  }

  pathOf(name) {
    return this.path ? `${this.path}.${name}` : name;
  }

  /** The object under `name`; what the store has there beside the form's fields stays. */
  inside(name) {
    if (!this.#inner.has(name)) {
      const inner = new Place({
        sent: contextOf(this.sent, name),
        kept: contextOf(this.kept, name),
        fallback: contextOf(this.fallback, name),
        path: this.pathOf(name),
        scope: this.scope,
        merges: this.merges,
      });
      put(this.tree, name, inner.tree);
      put(this.output, name, inner.output);
      this.#inner.set(name, inner);
    }
    return this.#inner.get(name);
  }

  /** Row `index` of the list under `name`. */
  row(name, index, { sent, kept, fallback }) {
    const row = new Place({ sent, kept, fallback, path: `${this.pathOf(name)}[${index}]` });
    row.scope = { row: row.tree, index, outer: this.scope };
    return row;
  }
}

function contextOf(object, name) {
  const value = own(object, name);
  return isContext(value) ? value : undefined;
}
