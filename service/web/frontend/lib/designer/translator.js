/**
 * The translation service of bpmn-js and dmn-js over a dictionary: the text in Chinese with
 * `{name}` filled in, where what is filled in may be a word of the dictionary itself.
 */
export function translator(words) {
  function translate(text, values = {}) {
    const pattern = words[text] ?? text;
    return pattern.replace(/{([^}]+)}/g, (hole, name) => {
      const value = values[name];
      return value === undefined ? hole : (words[value] ?? String(value));
    });
  }
  return { translate: ['value', translate] };
}
