import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ROOT } from './processes.js';

const Manifest = z.object({
  name: z.string(),
  version: z.string(),
  bin: z.record(z.string(), z.string()),
  dependencies: z.record(z.string(), z.string()).default({}),
  scripts: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});

/** One of the npm packages that `npm run packages` makes. */
export interface Packed {
  tarball: string;
  manifest: z.infer<typeof Manifest>;
  /** The paths in it, sorted. */
  files: string[];
}

/** Runs `npm run packages` on the built services. */
export function packAll(): { cli: Packed; gateway: Packed } {
  const packed = spawnSync(process.execPath, [join(ROOT, 'scripts/pack.mjs')], { encoding: 'utf8' });
  if (packed.status !== 0) throw new Error(`npm run packages failed: ${packed.stderr}`);
  return { cli: read('lethe'), gateway: read('lethe-gateway') };
}

function read(name: string): Packed {
  const folder = join(ROOT, 'dist/packages');
  const manifest = Manifest.parse(JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')));
  const tarball = join(folder, `${name}-${manifest.version}.tgz`);
  const listed = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n');
  return { tarball, manifest, files: listed.map((file) => file.replace(/^package\//, '')).sort() };
}

/** Unpacks a package as npm does; returns the path of its command. */
export function unpack({ tarball, manifest }: Packed, folder: string): string {
  const into = join(folder, 'node_modules', manifest.name);
  mkdirSync(into, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', into]);
  return join(into, Object.values(manifest.bin)[0] ?? '');
}
