import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../processes.js';

const ENTRY = join(ROOT, 'node_modules/.bin/mcp-inspector');

/** Runs one method by MCP Inspector's command line, with a server that it starts itself. Returns the result. */
export async function runInspector(
  server: { command: string; args: string[] },
  protocolEra: 'legacy' | 'modern',
  method: string,
  ...options: string[]
): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'lethe-inspector-'));
  try {
    const config = join(folder, 'mcp.json');
    await writeFile(config, JSON.stringify({ mcpServers: { lethe: { type: 'stdio', protocolEra, ...server } } }));
    const args = ['--cli', '--config', config, '--server', 'lethe', '--format', 'json', '--method', method, ...options];
    const env = { PATH: process.env.PATH ?? '', HOME: folder };
    const { stdout } = await promisify(execFile)(process.execPath, [ENTRY, ...args], { env, timeout: 60_000 });
    return (JSON.parse(stdout) as { result: unknown }).result;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
