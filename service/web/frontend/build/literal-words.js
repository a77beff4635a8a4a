/**
 * The build plugin that puts Chinese in the place of texts of libraries that know no translation.
 * `words` is a list of `{file, labels, phrases, pieces}`: a label counts where a property such as
 * `label:` or `title:` is given it, a phrase as any whole literal, a piece as any run of text. The
 * build fails when one of them is not found: then the library has changed.
 */
const PLACES = [
  'aria-label',
  'children',
  'description',
  'emptyPlaceholder',
  'label',
  'name',
  'placeholder',
  'text',
  'title',
  'tooltip',
].join('|');

export default function literalWords(words) {
  const missing = new Set(words.flatMap(keysOf));
  let met = false;
  return {
    name: 'jiaoyan-literal-words',
    enforce: 'pre',
    transform(code, id) {
      const path = id.replaceAll('\\', '/').split('?')[0];
      const found = words.filter(({ file }) => path.endsWith(file));
      if (found.length === 0) return null;
      met = true;
      return { code: found.reduce((text, one) => translated(text, one, missing), code), map: null };
    },
    buildEnd(error) {
      if (!error && met && missing.size) this.error(`texts not found: ${[...missing].join(' | ')}`);
    },
  };
}

function keysOf({ file, labels = {}, phrases = {}, pieces = {} }) {
  return Object.keys({ ...labels, ...phrases, ...pieces }).map((text) => `${file}: ${text}`);
}

function translated(code, { file, labels = {}, phrases = {}, pieces = {} }, missing) {
  const replace = (text, pattern, make) =>
    text.replace(pattern.what, (...parts) => {
      missing.delete(`${file}: ${pattern.key}`);
      return make(...parts);
    });
  let text = code;
  for (const [key, word] of Object.entries(pieces)) {
    text = replace(text, { key, what: new RegExp(escaped(key), 'g') }, () => word);
  }
  for (const [key, word] of Object.entries(phrases)) {
    const what = new RegExp(`(['"])${escaped(key)}\\1`, 'g');
    text = replace(text, { key, what }, () => JSON.stringify(word));
  }
  for (const [key, word] of Object.entries(labels)) {
    const what = new RegExp(
      `((?:\\b|['"])(?:${PLACES})['"]?:\\s*(?:[\\w\\s.!&|()]+[?|]{1,2}\\s*)?)(['"])${escaped(key)}\\2`,
      'g',
    );
    text = replace(text, { key, what }, (_all, place) => place + JSON.stringify(word));
  }
  return text;
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
