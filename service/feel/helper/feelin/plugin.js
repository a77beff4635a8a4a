/**
 * The build plugin that mends and extends @bpmn-io/feelin, for the helper and for the browser:
 * one FEEL in both. The build fails when feelin's text is not the one the patches were made for.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import patches from './patches.js';

const FEELIN = /@bpmn-io\/feelin\/dist\/index\.js(\?.*)?$/;
const RUNTIME = fileURLToPath(new URL('./runtime.js', import.meta.url));
const ADDITIONS = fileURLToPath(new URL('./additions.js', import.meta.url));

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

/** feelin's module with every patch, the import of the runtime and the additions. */
export function patched(code, fail) {
  const body = patches.reduce((text, { why, find, replace, times = 1 }) => {
    const parts = text.split(find);
    if (parts.length !== times + 1) {
      fail(`feelin changed: expected ${times} × the text of "${why}", found ${parts.length - 1}`);
    }
    return parts.join(replace);
  }, code);
  const imports = `import { currentMoment, report, reportingTo } from ${JSON.stringify(RUNTIME)};\n`;
  return imports + body + '\n' + readFileSync(ADDITIONS, 'utf8');
}
