/**
 * The regular expressions of XPath (DMN 1.5, table 75; XPath Functions 3.1, 5.6) as JavaScript's.
 * What neither means is an error of the text.
 */
const FLAGS = /^[smix]*$/;

/** `\d` and `\w` know the digits and letters of every script, `\s` the four of XML. */
const CLASSES = {
  d: String.raw`\p{Nd}`,
  D: String.raw`\P{Nd}`,
  w: String.raw`[^\p{P}\p{Z}\p{C}]`,
  W: String.raw`[\p{P}\p{Z}\p{C}]`,
  s: String.raw`[ \t\n\r]`,
  S: String.raw`[^ \t\n\r]`,
  i: String.raw`[\p{L}_:]`,
  I: String.raw`[^\p{L}_:]`,
  c: String.raw`[\p{L}\p{N}\p{M}_:.\-·]`,
  C: String.raw`[^\p{L}\p{N}\p{M}_:.\-·]`,
};

/** The blocks of Unicode that a Chinese or English text may want; JavaScript knows none by name. */
const BLOCKS = {
  IsBasicLatin: '\\u0000-\\u007F',
  'IsLatin-1Supplement': '\\u0080-\\u00FF',
  IsGreek: '\\u0370-\\u03FF',
  IsCyrillic: '\\u0400-\\u04FF',
  IsGeneralPunctuation: '\\u2000-\\u206F',
  IsCJKSymbolsandPunctuation: '\\u3000-\\u303F',
  IsHiragana: '\\u3040-\\u309F',
  IsKatakana: '\\u30A0-\\u30FF',
  IsCJKUnifiedIdeographs: '\\u4E00-\\u9FFF',
  IsHalfwidthandFullwidthForms: '\\uFF00-\\uFFEF',
};

const SYNTAX = /[\^$\\.*+?()[\]{}|/]/;

/** Punctuation that JavaScript's `v` mode wants escaped within a class, where XPath does not. */
const SPECIAL_IN_CLASS = /[()[\]{}/|]/;
const DOUBLED = /^(&&|!!|##|\$\$|%%|\*\*|\+\+|,,|\.\.|::|;;|<<|==|>>|\?\?|@@|\^\^|``|~~)/;

/** Throws Error('illegal flags') or Error('illegal pattern'). */
export function patternFrom(text, flags, more = '') {
  if (!FLAGS.test(flags)) {
    throw new Error('illegal flags');
  }
  const source = flags.includes('x') ? withoutSpaces(text) : text;
  const known = [...new Set(flags.replaceAll('x', ''))].join('');
  try {
    return new RegExp(new Translation(source).all(), `v${known}${more}`);
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new Error('illegal pattern', { cause: error });
    }
    throw error;
  }
}

/** The flag x: blanks mean nothing, but for those within a class. */
function withoutSpaces(text) {
  let depth = 0;
  return text.replace(/\\[pP]\{[^}]*\}|\\\s*[^]|[^]/gu, (part) => {
    if (part.startsWith('\\')) {
      return depth ? part : part.replace(/\s+/g, '');
    }
    depth += part === '[' ? 1 : part === ']' ? -1 : 0;
    return depth <= 0 && /[ \t\n\r]/.test(part) ? '' : part;
  });
}

class Translation {
  #text;
  #at = 0;

  constructor(text) {
    this.#text = text;
  }

  all() {
    let result = '';
    while (this.#at < this.#text.length) {
      result += this.#outside();
    }
    return result;
  }

  #outside() {
    switch (this.#text[this.#at]) {
      case '\\': return this.#escape(false);
      case '[': return this.#characterClass();
      default: return this.#next();
    }
  }

  #next() {
    const character = String.fromCodePoint(this.#text.codePointAt(this.#at));
    this.#at += character.length;
    return character;
  }

  #escape(inClass) {
    const rest = this.#text.slice(this.#at + 1);
    const property = /^[pP]\{([^}]*)\}/.exec(rest);
    if (property) {
      this.#at += 1 + property[0].length;
      return propertyClass(property[0][0], property[1]);
    }
    this.#at += 2;
    const letter = rest[0] ?? '';
    if (letter === '-') {
      return inClass ? '\\-' : '-';
    }
    if (letter === '0') {
      throw new SyntaxError('illegal escape');
    }
    const known = !inClass || /[A-Za-z1-9]/.test(letter) || SYNTAX.test(letter);
    return CLASSES[letter] ?? (known ? `\\${letter}` : letter);
  }

  /** `[a-z-[aeiou]]` takes away what JavaScript writes as `[[a-z]--[aeiou]]`. */
  #characterClass() {
    this.#at += 1;
    const negated = this.#text[this.#at] === '^';
    this.#at += negated ? 1 : 0;
    const { members, without } = this.#members();
    const kept = `[${negated ? '^' : ''}${members}]`;
    return without ? `[${kept}--${without}]` : kept;
  }

  #members() {
    for (let members = '', first = true; ; first = false) {
      const rest = this.#text.slice(this.#at, this.#at + 2);
      if (rest === '') {
        throw new SyntaxError('unfinished class');
      }
      if (rest[0] === ']' && !first) {
        this.#at += 1;
        return { members, without: null };
      }
      if (rest === '-[' && !first) {
        this.#at += 1;
        const without = this.#characterClass();
        this.#closeClass();
        return { members, without };
      }
      members += this.#member(rest);
    }
  }

  #closeClass() {
    if (this.#next() !== ']') {
      throw new SyntaxError('unfinished class');
    }
  }

  #member(rest) {
    if (rest[0] === '\\') {
      return this.#escape(true);
    }
    if (rest[0] === '-' && (rest[1] === ']' || this.#text[this.#at - 1] === '[' || this.#text[this.#at - 1] === '^')) {
      this.#at += 1;
      return '\\-';
    }
    const doubled = DOUBLED.test(rest);
    return escapedInClass(this.#next(), doubled);
  }
}

function escapedInClass(character, doubled = false) {
  return SPECIAL_IN_CLASS.test(character) || doubled ? `\\${character}` : character;
}

function propertyClass(letter, name) {
  if (!name.startsWith('Is')) {
    return `\\${letter}{${name}}`;
  }
  const block = BLOCKS[name];
  if (!block) {
    throw new SyntaxError('unknown block');
  }
  return `[${letter === 'P' ? '^' : ''}${block}]`;
}

/** The text with each match replaced; `$1` to `$9` are the groups and `$0` the match itself. */
export function replaced(text, pattern, replacement) {
  const parts = replacementParts(replacement);
  return text.replace(pattern, (...found) => {
    const groups = found.slice(0, found.findIndex((part) => typeof part === 'number'));
    return parts.map((part) => (typeof part === 'string' ? part : (groups[part.group] ?? ''))).join('');
  });
}

function replacementParts(replacement) {
  return (replacement.match(/\\[\\$]|\$\d|[\\$]|[^\\$]+/g) ?? []).map((part) => {
    if (part === '$' || part === '\\') {
      throw new Error('illegal replacement');
    }
    return part.startsWith('$') ? { group: Number(part[1]) } : part.replace(/^\\/, '');
  });
}
