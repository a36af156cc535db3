import { execFile } from 'node:child_process';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { type Embedded } from '../../support/embedded.js';
import { ROOT } from '../../support/processes.js';
import { callEcho } from '../../support/calls.js';

const PACKAGES = ['openapi-typescript@7.13.0', 'openapi-fetch@0.17.0', 'typescript@5.9.3', '@types/node@24.10.1'];
const LIMIT_MS = 300_000;
const RESULT = z.object({ path: z.string(), key: z.string(), tools: z.array(z.string()) });

/**
 * Makes a client from the document of a running registry; it registers an upstream, verifies and serves it, and makes a key,
 * with which a tool is called then.
 */
export async function checkGeneratedClient(
  { registryUrl, proxyUrl, admin }: Embedded,
  upstream: string,
  folder: string,
): Promise<string> {
  const run = (command: string, ...args: string[]) =>
    promisify(execFile)(command, args, { cwd: folder, timeout: LIMIT_MS, maxBuffer: 64 << 20 });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  await run('npm', 'install', '--no-audit', '--no-fund', '--loglevel=error', '--save-exact', ...PACKAGES);
  await run('npx', 'openapi-typescript', `${registryUrl}/openapi.json`, '-o', 'registry.ts');
  await copyFile(join(ROOT, 'test/lab/openapi/programs/client.ts.txt'), join(folder, 'client.ts'));
  const options = ['--strict', '--target', 'es2022', '--module', 'nodenext', '--skipLibCheck'];
  await run('npx', 'tsc', ...options, 'client.ts');
  const { stdout } = await run(process.execPath, 'client.js', registryUrl, admin.token, upstream);
  const { path, key, tools } = RESULT.parse(JSON.parse(stdout));
  const called = await callEcho(`${proxyUrl}${path}`, { authorization: `Bearer ${key}` });
  if (!called.includes('hello')) throw new Error(`the call with the new key failed: ${called}`);
  return `A client made from the document registered, verified, served ${tools.length} tools, made a key, and called with it`;
}
