import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { runToEnd } from '../clients/install.js';

/** What a bridge has to answer first. */
const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'lab', version: '1' } },
};

/** A bridge to start, and where. */
export interface Start {
  /** Version of the Node.js that runs it. */
  node: string;
  tarball: string;
  folder: string;
  url: string;
  key: string;
}

/**
 * Starts the packed bridge by npm in an empty folder: offline, without install scripts and the library for a keychain. Returns the
 * time until its first line, at the second start.
 * @throws Error when standard output has something else than the response, or standard error anything
 */
export async function bridgeOn({ node, tarball, folder, url, key }: Start): Promise<number> {
  const [work, program] = [join(folder, 'work'), join(folder, 'node')];
  for (const each of [work, program]) await mkdir(each, { recursive: true });
  const install = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', program];
  const name = `node-linux-${process.arch}`;
  await runToEnd({ command: 'npm', args: [...install, `${name}@${node}`], cwd: folder, env: process.env });
  const path = [join(program, 'node_modules', name, 'bin'), process.env['PATH'] ?? ''].join(delimiter);
  const env = { PATH: path, HOME: work, LETHE_KEY: key, npm_config_update_notifier: 'false' };
  await firstLineMs({ tarball, work, url, env });
  return firstLineMs({ tarball, work, url, env });
}

async function firstLineMs(of: {
  tarball: string;
  work: string;
  url: string;
  env: NodeJS.ProcessEnv;
}): Promise<number> {
  const offline = ['--yes', '--offline', '--ignore-scripts', '--omit=optional', `--package=${of.tarball}`];
  const startedMs = performance.now();
  const bridge = spawn('npm', ['exec', ...offline, '--', 'lethe', 'bridge', of.url], { cwd: of.work, env: of.env });
  const said = text(bridge.stderr);
  bridge.stdin.write(`${JSON.stringify(INITIALIZE)}\n`);
  const lines: string[] = [];
  let firstMs = NaN;
  for await (const line of createInterface({ input: bridge.stdout })) {
    if (lines.push(line) === 1) firstMs = performance.now() - startedMs;
    bridge.stdin.end();
  }
  const isOne = lines.length === 1 && lines[0]?.includes('"protocolVersion":"2025-11-25"') === true;
  if (!isOne || (await said) !== '') throw new Error(`${lines.join('\n')}\n${await said}`);
  return firstMs;
}
