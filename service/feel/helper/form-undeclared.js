import { isContext, put } from './values.js';

/** The paths of a submission that no field of the form declares, as in `a.b[0].c`. */
export function undeclaredPaths(form, data) {
  form.declared ??= declaredBy(form, form.root.components, {});
  return [...pathsOutside(form.declared, data, '')];
}

/** A tree of names: true is a field, `{ row }` a list, any other object a group. */
function declaredBy(form, components, names) {
  for (const field of components) {
    const { config } = form.fieldTypes.get(field.type);
    if (config.keyed) {
      enter(names, field.key.split('.'), true);
    } else if (config.repeatable && field.isRepeating) {
      enter(names, field.path.split('.'), new Row(declaredBy(form, field.components, {})));
    } else if (field.components) {
      declaredBy(form, field.components, config.pathed && field.path ? enter(names, field.path.split('.'), {}) : names);
    }
  }
  return names;
}

class Row {
  constructor(names) {
    this.names = names;
  }
}

function enter(names, path, leaf) {
  const last = path.at(-1);
  const holder = path.slice(0, -1).reduce((outer, name) => enter(outer, [name], {}), names);
  if (!Object.hasOwn(holder, last)) {
    put(holder, last, leaf);
  }
  return holder[last];
}

function* pathsOutside(names, value, path) {
  for (const [name, inner] of Object.entries(isContext(value) ? value : {})) {
    const at = path ? `${path}.${name}` : name;
    if (!Object.hasOwn(names, name)) {
      yield at;
    } else if (names[name] instanceof Row) {
      for (const [index, row] of Array.isArray(inner) ? inner.entries() : []) {
        yield* pathsOutside(names[name].names, row, `${at}[${index}]`);
      }
    } else if (names[name] !== true) {
      yield* pathsOutside(names[name], inner, at);
    }
  }
}
