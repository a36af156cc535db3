import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { childBundle } from '../../../scripts/child-bundle.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The one-shot process, bundled from the sources as the build does it. */
export async function bundleChild(): Promise<{ file: string; remove(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'lethe-child-'));
  const file = join(dir, 'handshake-child.cjs');
  await build(childBundle(root, file));
  return { file, remove: () => rm(dir, { recursive: true, force: true }) };
}
