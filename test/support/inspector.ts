import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './processes.js';

/** MCP Inspector's command line, as docs/operations/clients.md shows it. */
export interface Inspector {
  /** Runs one method; the result it prints. */
  run(method: string, ...options: string[]): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

const entry = join(ROOT, 'node_modules/.bin/mcp-inspector');

/** Points Inspector at one endpoint, in one era, with these headers on every request. */
export async function configureInspector(
  url: string,
  protocolEra: 'legacy' | 'modern' | 'auto',
  headers: Record<string, string>,
): Promise<Inspector> {
  const folder = await mkdtemp(join(tmpdir(), 'lethe-inspector-'));
  const config = join(folder, 'mcp.json');
  await writeFile(
    config,
    JSON.stringify({ mcpServers: { lethe: { type: 'streamable-http', url, protocolEra, headers } } }),
  );
  const always = ['--cli', '--config', config, '--server', 'lethe', '--stored-auth-only', '--format', 'json'];
  return {
    run: (method, ...options) => execute([...always, '--method', method, ...options], folder),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

function execute(args: readonly string[], home: string): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env.PATH ?? '', HOME: home };
    execFile(process.execPath, [entry, ...args], { env, timeout: 30_000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${stdout}${stderr}`, { cause: error }));
      else resolve((JSON.parse(stdout) as { result: Record<string, unknown> }).result);
    });
  });
}
