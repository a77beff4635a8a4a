import { existsSync, readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { defineConfig } from 'vite';

import literalWords from './service/web/frontend/build/literal-words.js';
import words from './service/web/frontend/build/library-words.js';

const root = fileURLToPath(new URL('.', import.meta.url));
const frontend = join(root, 'service/web/frontend');
const islands = join(frontend, 'islands');
const editorsViewer = join(
  root,
  'node_modules/@bpmn-io/form-js-editor/node_modules/@bpmn-io/form-js-viewer',
);
const feelinPluginFile = join(root, 'service/feel/helper/feelin/plugin.js');

/** Every file directly in islands/ is an entry; its name without the ending is the island's. */
function entries() {
  return Object.fromEntries(
    readdirSync(islands, { withFileTypes: true })
      .filter((entry) => entry.isFile() && ['.js', '.css'].includes(extname(entry.name)))
      .map((entry) => [basename(entry.name, extname(entry.name)), join(islands, entry.name)]),
  );
}

/** The browser evaluates FEEL by the very library, with the same additions, as the server. */
async function feelin() {
  if (!existsSync(feelinPluginFile)) return [];
  const { default: feelinPlugin } = await import(pathToFileURL(feelinPluginFile).href);
  return [feelinPlugin()];
}

export default defineConfig(async () => ({
  root: frontend,
  base: '/static/dist/',
  publicDir: false,
  plugins: [...(await feelin()), literalWords(words)],
  resolve: { alias: { '@form-js-editor-viewer': editorsViewer } },
  build: {
    outDir: join(root, 'service/web/static/dist'),
    emptyOutDir: true,
    manifest: 'manifest.json',
    sourcemap: false,
    target: 'es2022',
    // What we import stays a file of our own origin, as the content security policy wants it.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // bpmn-js and form-js are large by nature and load only on the pages that show them.
    chunkSizeWarningLimit: 3000,
    reportCompressedSize: false,
    rolldownOptions: { input: entries() },
  },
}));
