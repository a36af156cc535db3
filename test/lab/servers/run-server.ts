import { join } from 'node:path';
import { type Comparison, compare } from '../../support/real-servers/compare.js';
import { type AnyLethe, openServerOver } from '../../support/open-server.js';
import { type Probe, probe } from '../../support/real-servers/probe.js';
import { startRelay } from '../../support/real-servers/relay.js';
import { SDK_CLIENTS, type SdkClientName } from '../../support/real-servers/sdk-clients.js';
import type { ServerAdapter } from './adapter.js';
import { install } from './install.js';
import { type RunningServer, startServer } from './running-server.js';

/** What the lab found of one server. */
export interface ServerFindings {
  adapter: ServerAdapter;
  probe: Probe;
  comparisons: Comparison[];
}

const CLIENTS = Object.keys(SDK_CLIENTS) as SdkClientName[];

/** Installs a server, starts it, registers it, compares it, and ends it. */
export async function runServer(adapter: ServerAdapter, lethe: AnyLethe, root: string): Promise<ServerFindings> {
  const running: { stop(): Promise<void> }[] = [];
  const begin = async (one: ServerAdapter, env: Record<string, string> = {}): Promise<RunningServer> => {
    const folder = join(root, folderOf(one));
    await install(one, folder);
    const server = await startServer(one, folder, env);
    running.unshift(server);
    return server;
  };
  try {
    const behind = adapter.behind && (await begin(adapter.behind));
    const server = await begin(adapter, behind && { TARGET: behind.url });
    const relay = await startRelay(server.url);
    running.unshift({ stop: () => relay.close() });
    return await examine(adapter, lethe, relay);
  } finally {
    for (const one of running) await one.stop();
  }
}

async function examine(
  adapter: ServerAdapter,
  lethe: AnyLethe,
  relay: Awaited<ReturnType<typeof startRelay>>,
): Promise<ServerFindings> {
  const { token, questions } = adapter;
  const direct: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const through: Record<string, string> = token === undefined ? {} : { 'x-upstream-authorization': `Bearer ${token}` };
  const probed = await probe(relay.url, direct);
  const endpoint = await openServerOver(lethe, folderOf(adapter), relay.url, token);
  const comparisons: Comparison[] = [];
  for (const client of CLIENTS) {
    const compared = { relay, lethe: endpoint, questions, headers: { direct, through } };
    comparisons.push(await compare(compared, client));
  }
  return { adapter, probe: probed, comparisons };
}

/** A name for folders and gateways. */
export function folderOf({ name }: Pick<ServerAdapter, 'name'>): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 40);
}
