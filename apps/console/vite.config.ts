import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));
/** Where `npm run dev:console` finds a registry. */
const registry = process.env['LETHE_REGISTRY_URL'] ?? 'http://127.0.0.1:4400';

export default defineConfig({
  root,
  base: '/console/',
  plugins: [react()],
  resolve: {
    alias: [
      { find: /^@lethe\/([^/]+)$/, replacement: fileURLToPath(new URL('../../libs/$1/src/index.ts', import.meta.url)) },
    ],
  },
  build: {
    outDir: '../../dist/console',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2024',
    reportCompressedSize: false,
    // Of the libs, the page gets the rules that it uses: the others need what a browser does not have.
    rolldownOptions: {
      // It says which plugin takes how much of two seconds.
      checks: { pluginTimings: false },
      external: [/^node:/],
      treeshake: { moduleSideEffects: [{ test: /\/libs\//, sideEffects: false }] },
    },
    license: { fileName: 'licences.md' },
  },
  server: { proxy: { '/v1': registry, '/problems': registry, '/openapi.json': registry } },
});
