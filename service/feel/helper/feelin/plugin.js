/**
 * The build plugin that mends and extends @bpmn-io/feelin and its parser, for the helper and for
 * the browser: one FEEL in both. The build fails when a text is not the one the patches were made for.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import patches, { parserPatches } from './patches/index.js';

const FEELIN = /@bpmn-io\/feelin\/dist\/index\.js(\?.*)?$/;
const PARSER = /@bpmn-io\/lezer-feel\/dist\/index\.js(\?.*)?$/;
const ADDITIONS = fileURLToPath(new URL('./additions.js', import.meta.url));

/** What the patches of the parser use of the modules beside this one. */
const PARSER_IMPORTS = { './layers.js': ['Entries', 'LayeredMap', 'LayeredSet'] };

/** What the patches and additions use of the modules beside this one. */
const IMPORTS = {
  './builtins/index.js': ['builtins as standardBuiltins'],
  './comparison.js': ['equals'],
  './evaluation.js': [
    'asksInput', 'atLiteral', 'between', 'calculated', 'comparisonTest', 'contextOf', 'differs', 'filtered', 'negative',
    'numberLiteral', 'passes', 'textLiteral', 'typed',
  ],
  './kinds.js': ['kindOf as getType'],
  './logic.js': ['booleanOf', 'everyHolds', 'someHolds'],
  './properties.js': ['hasOwnProperties', 'propertyOf'],
  './range.js': ['Range', 'comparisonRange', 'iterationRange', 'rangeOf'],
  './runtime.js': ['report', 'reportingTo'],
  './signatures.js': ['MISMATCH'],
  './types.js': ['typeTest'],
};

export default function feelinPlugin() {
  return {
    name: 'jiaoyan-feelin',
    enforce: 'pre',
    transform(code, id) {
      const file = id.replaceAll('\\', '/');
      const change = FEELIN.test(file) ? patched : PARSER.test(file) ? patchedParser : null;
      return change && { code: change(code, (message) => this.error(message)), map: null };
    },
  };
}

/** feelin's module with every patch, our imports and the additions. */
export function patched(code, fail) {
  return imported(IMPORTS) + replaced(code, patches, fail) + '\n' + readFileSync(ADDITIONS, 'utf8');
}

/** The parser's module with every patch. */
export function patchedParser(code, fail) {
  return imported(PARSER_IMPORTS) + replaced(code, parserPatches, fail);
}

function replaced(code, changes, fail) {
  return changes.reduce((text, { why, find, replace, times = 1 }) => {
    const parts = text.split(find);
    if (parts.length !== times + 1) {
      fail(`feelin changed: expected ${times} × the text of "${why}", found ${parts.length - 1}`);
    }
    return parts.join(replace);
  }, code);
}

function imported(modules) {
  return Object.entries(modules)
    .map(([module, names]) => {
      const path = fileURLToPath(new URL(module, import.meta.url));
      return `import { ${names.join(', ')} } from ${JSON.stringify(path)};\n`;
    })
    .join('');
}
