import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Client as ModernClient } from '@modelcontextprotocol/client';
import { StdioClientTransport as ModernTransport } from '@modelcontextprotocol/client/stdio';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { ClientCapabilities } from '@modelcontextprotocol/sdk/types.js';
import { bundledProgram } from '../bundled-program.js';

const IDENTITY = { name: 'lethe-test', version: '1.0.0' };

/** Compiles the `lethe` command as it is packed, without its libraries. Returns its path. */
export function bundleLethe(): Promise<string> {
  return bundledProgram('apps/cli/src/main.ts');
}

/** How a client starts a bridge. */
export interface BridgeStart {
  program: string;
  url: string;
  flags?: string[];
  env: NodeJS.ProcessEnv;
}

/** A client that has started a bridge of its own. */
export interface Bridged<Client> {
  client: Client;
  /** What the bridge has written to standard error. */
  log(): string;
  pid(): number;
  close(): Promise<void>;
}

/** A client of `@modelcontextprotocol/sdk` (legacy era). @param prepare sets what the server may ask */
export async function startLegacy(
  start: BridgeStart,
  capabilities: ClientCapabilities = {},
  prepare: (client: LegacyClient) => void = () => undefined,
): Promise<Bridged<LegacyClient>> {
  const client = new LegacyClient(IDENTITY, { capabilities });
  prepare(client);
  const transport = new LegacyTransport(commandOf(start));
  return connected(client, transport, () => client.connect(transport));
}

/** A client of the SDK's successor. @param mode the modern era alone, or whatever the server has */
export async function startModern(
  start: BridgeStart,
  mode: 'auto' | 'modern' = 'modern',
  prepare: (client: ModernClient) => void = () => undefined,
): Promise<Bridged<ModernClient>> {
  const client = new ModernClient(IDENTITY, {
    versionNegotiation: { mode: mode === 'auto' ? 'auto' : { pin: '2026-07-28' } },
  });
  prepare(client);
  const transport = new ModernTransport(commandOf(start));
  return connected(client, transport, () => client.connect(transport));
}

function commandOf({ program, url, flags = [], env }: BridgeStart) {
  const set = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    command: process.execPath,
    args: [program, 'bridge', url, ...flags],
    env: Object.fromEntries(set),
    stderr: 'pipe' as const,
  };
}

async function connected<Client extends { close(): Promise<void> }>(
  client: Client,
  transport: { readonly stderr: unknown; readonly pid: number | null },
  connect: () => Promise<void>,
): Promise<Bridged<Client>> {
  let log = '';
  const stderr = transport.stderr as NodeJS.ReadableStream | null;
  stderr?.on('data', (data: Buffer) => (log += data.toString()));
  await connect();
  return { client, log: () => log, pid: () => transport.pid ?? 0, close: () => client.close() };
}

/** A bridge that listens on loopback, and what its clients need. */
export interface ListeningBridge {
  url: string;
  headers: Record<string, string>;
  close(): Promise<void>;
}

export async function startListening({ program, url, flags = [], env }: BridgeStart): Promise<ListeningBridge> {
  const args = [program, 'bridge', url, '--listen', '0', '--json', ...flags];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let said = '';
  for await (const chunk of child.stdout) {
    said += String(chunk);
    if (said.endsWith('}\n')) break;
  }
  const close = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
  };
  return { ...(JSON.parse(said) as Omit<ListeningBridge, 'close'>), close };
}
