import { Place } from './form-place.js';
import { rowsOf } from './form-rows.js';
import { isEmpty, typeProblem } from './form-values.js';
import { isContext, own } from './values.js';

/**
 * Every occurrence of a component in a submission: a field once, in a dynamic list once a row;
 * containers come before what they hold. `problems` tells what is wrong with groups and lists.
 */
export function collectInstances(form, data, context) {
  const collector = new Collector(form, data, context);
  collector.collect(form.root.components, collector.root, null);
  return collector;
}

class Collector {
  instances = [];
  problems = [];

  constructor(form, data, context) {
    this.form = form;
    this.context = context;
    this.root = Place.root(data, context);
  }

  collect(components, place, container) {
    for (const field of components) {
      const { config } = this.form.fieldTypes.get(field.type);
      const instance = { field, config, container, scope: place.scope, hidden: false, locked: false };
      if (config.keyed) {
        this.#collectField(instance, place);
      } else if (config.repeatable && field.isRepeating) {
        this.#collectList(instance, place);
      } else if (field.properties?.['jiaoyan.refuses']) {
        this.instances.push({ ...instance, around: place });
      } else if (field.components) {
        this.instances.push(instance);
        const path = config.pathed && field.path ? field.path.split('.') : [];
        this.collect(field.components, this.#inside(place, path, instance), instance);
      }
    }
  }

  #inside(place, path, container) {
    return path.reduce((outer, name) => {
      const sent = own(outer.sent, name);
      if (!isEmpty(sent) && !isContext(sent)) {
        this.problems.push({ container, path: outer.pathOf(name), message: '应为一组填写内容。' });
      }
      return outer.inside(name);
    }, place);
  }

  #collectField(instance, outer) {
    const { field, config, container } = instance;
    const { place, name } = this.#bind(field.key, outer, container);
    const sent = field.type === 'expression' ? undefined : own(place.sent, name);
    const kept = own(place.kept, name);
    const problem = typeProblem(field, sent);
    const before = kept === undefined ? (field.defaultValue ?? config.emptyValue) : this.#read(instance, kept);
    const offered = this.#read(instance, sent === undefined ? own(place.fallback, name) : sent);
    this.instances.push({
      ...instance, place, name, sent, kept, problem, before,
      offered: problem ? config.emptyValue : offered,
      initial: place.isRoot ? before : null,
    });
  }

  #collectList(instance, outer) {
    const { field, container } = instance;
    const { place, name } = this.#bind(field.path, outer, container);
    const report = (message, index) => {
      const path = index === undefined ? place.pathOf(name) : `${place.pathOf(name)}[${index}]`;
      this.problems.push({ container: list, path, message });
    };
    const list = { ...instance, place, name, initial: place.isRoot ? (own(place.kept, name) ?? null) : null };
    const rows = rowsOf(field, place, name, report).map((row, index) => place.row(name, index, row));
    list.offered = rows.map(({ tree }) => tree);
    list.rows = rows.map(({ output }) => output);
    this.instances.push(list);
    rows.forEach((row) => this.collect(field.components, row, list));
  }

  #bind(key, outer, container) {
    const path = key.split('.');
    const name = path.pop();
    return { place: this.#inside(outer, path, container), name };
  }

  /** A value as form-js takes it over from its initial data. */
  #read({ config, field }, value) {
    if (isEmpty(value)) {
      return config.emptyValue;
    }
    return config.sanitizeValue ? config.sanitizeValue({ formField: field, data: this.context, value }) : value;
  }
}
