import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Finds the entry file of one-shot processes: beside the compiled services, or in `dist` when run from the sources. */
export function findChildFile(): string {
  const candidates = ['../../../../handshake-child/main.cjs', '../../../../dist/handshake-child/main.cjs'];
  const files = candidates.map((candidate) => fileURLToPath(new URL(candidate, import.meta.url)));
  const found = files.find((file) => existsSync(file));
  if (found === undefined) throw new Error('handshake-child/main.cjs is missing: run `npm run build`');
  return found;
}
