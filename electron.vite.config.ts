import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { loadedPackages } from './scripts/package/production-modules.mjs';

const at = (path: string): string => resolve(import.meta.dirname, path);

// Every process of ours is an entry of its own: worker threads and children are started by file.
const entries = {
  desktop: at('electron/desktop.ts'),
  headless: at('electron/headless.ts'),
  cli: at('electron/cli.ts'),
  'read-worker': at('electron/store/read/read-worker.ts'),
  'index-worker': at('electron/store/search/index-worker.ts'),
  'upkeep-worker': at('electron/store/upkeep/upkeep-worker.ts'),
  'script-worker': at('electron/jobs/script-worker.ts'),
  guardian: at('electron/jobs/guardian.ts'),
  'config-worker': at('electron/runtime/config/config-worker.ts'),
};

/** Lists what is built in; read and removed by scripts/licenses.mjs. */
const license = { fileName: '.vite/license.json' };

// Built for the older of the two Electrons that must run it (33: Node 20, Chromium 130).
export default defineConfig({
  main: {
    build: {
      target: 'node20',
      outDir: 'out/main',
      license,
      // Packages are built in: finding and reading their hundreds of files took a third of a start.
      externalizeDeps: false,
      rollupOptions: { input: entries, external: loadedPackages, output: { format: 'es' } },
    },
  },
  preload: {
    build: {
      target: 'node20',
      outDir: 'out/preload',
      license,
      // A sandboxed preload must be one CommonJS file with everything inside.
      externalizeDeps: false,
      rollupOptions: {
        input: { preload: at('electron/preload.ts') },
        output: { format: 'cjs', entryFileNames: 'preload.cjs' },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    build: {
      target: 'chrome130',
      outDir: at('out/renderer'),
      emptyOutDir: true,
      // electron-vite leaves it off: the window would read and compile twice as much before its first paint.
      minify: true,
      license,
      rollupOptions: { input: at('renderer/index.html') },
    },
    plugins: [react()],
  },
});
