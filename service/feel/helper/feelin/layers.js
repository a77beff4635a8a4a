/** Sets, maps and entries over others that they show too, without a copy of what is in those. */

export class LayeredSet extends Set {
  #below;

  constructor(below) {
    super();
    this.#below = below;
  }

  has(value) {
    return super.has(value) || (this.#below?.has(value) ?? false);
  }
}

export class LayeredMap extends Map {
  #below;

  constructor(below) {
    super();
    this.#below = below;
  }

  get(key) {
    return super.has(key) ? super.get(key) : this.#below?.get(key);
  }
}

/** The entries of an object and, by `with`, of more; a plain object only when all are asked for. */
export class Entries {
  #all;
  #below;
  #key;
  #value;

  constructor(all, below, key, value) {
    this.#all = all;
    this.#below = below;
    this.#key = key;
    this.#value = value;
  }

  with(key, value) {
    return new Entries(null, this, key, value);
  }

  get(key) {
    for (let entries = this; ; entries = entries.#below) {
      if (entries.#all) {
        return entries.#all[key];
      }
      if (entries.#key === key) {
        return entries.#value;
      }
    }
  }

  get all() {
    this.#all ??= this.#flat();
    return this.#all;
  }

  #flat() {
    const added = [];
    let entries = this;
    for (; !entries.#all; entries = entries.#below) {
      added.push([entries.#key, entries.#value]);
    }
    return { ...entries.#all, ...Object.fromEntries(added.reverse()) };
  }
}
