/**
 * The build plugin that mends and extends @bpmn-io/feelin, for the helper and for the browser:
 * one FEEL in both. The build fails when feelin's text is not the one the patches were made for.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import patches from './patches/index.js';

const FEELIN = /@bpmn-io\/feelin\/dist\/index\.js(\?.*)?$/;
const ADDITIONS = fileURLToPath(new URL('./additions.js', import.meta.url));

/** What the patches and additions use of the modules beside this one. */
const IMPORTS = {
  './builtins/index.js': ['builtins as standardBuiltins'],
  './comparison.js': ['equals'],
  './evaluation.js': [
    'asksInput', 'atLiteral', 'between', 'calculated', 'contextOf', 'differs', 'filtered', 'negative',
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
      if (!FEELIN.test(id.replaceAll('\\', '/'))) {
        return null;
      }
      return { code: patched(code, (message) => this.error(message)), map: null };
    },
  };
}

/** feelin's module with every patch, our imports and the additions. */
export function patched(code, fail) {
  const body = patches.reduce((text, { why, find, replace, times = 1 }) => {
    const parts = text.split(find);
    if (parts.length !== times + 1) {
      fail(`feelin changed: expected ${times} × the text of "${why}", found ${parts.length - 1}`);
    }
    return parts.join(replace);
  }, code);
  const imports = Object.entries(IMPORTS).map(([module, names]) => {
    const path = fileURLToPath(new URL(module, import.meta.url));
    return `import { ${names.join(', ')} } from ${JSON.stringify(path)};\n`;
  });
  return imports.join('') + body + '\n' + readFileSync(ADDITIONS, 'utf8');
}
