/**
 * The translation service of bpmn-js and dmn-js over a dictionary: the text in Chinese with
 * `{name}` filled in, where what is filled in may be a word of the dictionary itself.
 */
export function translator(dictionary) {
  // A map: texts of a design may be called "constructor".
  const words = new Map(Object.entries(dictionary));
  function translate(text, values = {}) {
    const pattern = words.get(text) ?? String(text);
    return pattern.replace(/{([^}]+)}/g, (hole, name) => {
      const value = values[name];
      return value === undefined ? hole : (words.get(value) ?? String(value));
    });
  }
  return { translate: ['value', translate] };
}
