// Publishes a package, from its file: `node scripts/publish.mjs <file>.tgz`. A version that was published from the same bytes is
// left as it is, so that a release can be run again; one that was published from others is an error.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isPrerelease } from './packages/prerelease.mjs';

const file = resolve(process.argv[2] ?? '');
const { name, version } = JSON.parse(run('tar', ['-xzOf', file, 'package/package.json']).stdout);
const integrity = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
const published = publishedIntegrity();
if (published === undefined) {
  const tag = isPrerelease(version) ? 'next' : 'latest';
  const { status } = run('npm', ['publish', '--provenance', '--access', 'public', '--tag', tag, file], 'inherit');
  process.exitCode = status ?? 1;
} else if (published === integrity) {
  console.log(`${name}@${version} is published already`);
} else {
  console.error(`${name}@${version} is published already, with other contents (${published} instead of ${integrity})`);
  process.exitCode = 1;
}

/** Integrity of this version in the registry; undefined if it is not there. */
function publishedIntegrity() {
  const { status, stdout, stderr } = run('npm', ['view', `${name}@${version}`, 'dist.integrity', '--json']);
  const said = stdout.trim() === '' ? undefined : JSON.parse(stdout);
  if (status === 0) return said;
  if (said?.error?.code === 'E404') return undefined;
  throw new Error(`the registry does not say whether ${name}@${version} is published: ${stderr.trim()}`);
}

function run(program, args, output = 'pipe') {
  const ended = spawnSync(program, args, { encoding: 'utf8', stdio: ['ignore', output, output] });
  if (ended.error) throw ended.error;
  return ended;
}
