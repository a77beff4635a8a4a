import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vite';

import feelinPlugin from './feelin/plugin.js';

/** One file that needs no node_modules at run time: service/feel/dist/helper.cjs. */
export default defineConfig({
  plugins: [feelinPlugin()],
  build: {
    ssr: fileURLToPath(new URL('./main.js', import.meta.url)),
    outDir: fileURLToPath(new URL('../dist', import.meta.url)),
    emptyOutDir: true,
    target: 'node24',
    minify: true,
    copyPublicDir: false,
    rollupOptions: {
      output: { format: 'cjs', entryFileNames: 'helper.cjs', codeSplitting: false },
    },
  },
  ssr: { noExternal: true },
  publicDir: false,
  logLevel: 'warn',
});
