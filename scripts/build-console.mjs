// Bundles the console into dist/console, with each file also compressed: the registry sends the files as they are.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(root, 'dist', 'console');

// Tests build it too, and theirs is another one: React would bundle what it has for development.
process.env.NODE_ENV = 'production';
await build({ configFile: join(root, 'apps', 'console', 'vite.config.ts'), logLevel: 'warn' });
const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
for (const { parentPath, name } of files) {
  if (!/\.(?:js|css|html|svg|md)$/.test(name)) continue;
  const path = join(parentPath, name);
  const content = readFileSync(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  writeFileSync(`${path}.br`, brotliCompressSync(content, { params }));
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
}
