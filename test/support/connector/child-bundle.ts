import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleChild as bundle } from '../../../scripts/child-bundle.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The one-shot process, bundled from the sources as the build does it. */
export async function bundleChild(): Promise<{ file: string; remove(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'lethe-child-'));
  await bundle(root, dir);
  return { file: join(dir, 'main.cjs'), remove: () => rm(dir, { recursive: true, force: true }) };
}
