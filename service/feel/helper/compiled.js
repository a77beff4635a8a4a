import { compile } from '@bpmn-io/feelin';

import { BoundedCache } from './bounded-cache.js';

/** In characters of expressions; a compiled text takes some hundred bytes a character. */
const LIMIT = 100_000;
const WORD = /[\p{L}_][\p{L}\p{N}_]*|\?/gu;

const compiledTexts = new BoundedCache(LIMIT);
const wordLists = new BoundedCache(LIMIT);

/**
 * A text as a function of the context, that answers `{ value, warnings }`. How a text is read
 * depends on the names of the context, so they are part of the key; see `shapeOf`.
 * Throws feelin's SyntaxError.
 */
export function compiled(text, context, shape, isUnaryTest = false) {
  if (shape.key === null) {
    return compile(text, context, isUnaryTest);
  }
  const known = knownIn(text, context);
  const key = [isUnaryTest, text, known.join(' '), shape.key].join('\0');
  let run = compiledTexts.get(key);
  if (run === undefined) {
    run = compile(text, namesFor(text, context), isUnaryTest);
    compiledTexts.set(key, run, text.length);
  }
  return run;
}

/** What of a context with plain names a text names: the parser takes its time for every name. */
export function namesFor(text, context) {
  return Object.fromEntries(knownIn(text, context).map((name) => [name, context[name]]));
}

function knownIn(text, context) {
  return wordsOf(text).filter((word) => Object.hasOwn(context, word));
}

function wordsOf(text) {
  let words = wordLists.get(text);
  if (words === undefined) {
    words = [...new Set(text.match(WORD))];
    wordLists.set(text, words, text.length);
  }
  return words;
}
