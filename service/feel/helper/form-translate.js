import texts from './form-zh.json';

/** form-js's translate service: the Chinese of a message with its fields filled in. */
export function translate(template, replacements = {}) {
  return (texts[template] ?? template).replace(/{([^}]+)}/g, (field, name) => replacements[name] ?? field);
}
