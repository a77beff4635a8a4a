/** Keeps what was used last, up to a total weight. */
export class BoundedCache {
  #entries = new Map();
  #weight = 0;
  #limit;

  constructor(limit) {
    this.#limit = limit;
  }

  get(key) {
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      return undefined;
    }
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  set(key, value, weight) {
    this.#entries.set(key, { value, weight });
    this.#weight += weight;
    for (const [oldest, entry] of this.#entries) {
      if (this.#weight <= this.#limit) {
        return;
      }
      this.#entries.delete(oldest);
      this.#weight -= entry.weight;
    }
  }
}
