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
  build: {
    outDir: '../../dist/console',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2024',
    reportCompressedSize: false,
    license: { fileName: 'licences.md' },
  },
  server: { proxy: { '/v1': registry, '/problems': registry, '/openapi.json': registry } },
});
