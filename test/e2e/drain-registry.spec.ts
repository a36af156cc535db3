import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { Admin } from '../support/admin.js';
import { servedBy } from '../support/calls.js';
import { type ServiceProcess, until } from '../support/processes.js';
import { realPartsAvailable } from '../support/real-parts.js';
import { type SeparateParts, type StartedService, startSeparateParts } from '../support/separate.js';
import {
  legacyScript,
  type ScriptedExchange,
  startScriptedUpstream,
  type Upstream,
} from '../support/upstreams/index.js';

const HANDSHAKES = 3;
/** Each of them holds one of the ten connections to the database. */
const CHANGES = 5;
const RESULT = { tools: [{ name: 'a', inputSchema: { type: 'object' } }] };

describe.runIf(realPartsAvailable())('beside another one of its kind', () => {
  /** Handshakes that wait for their list. */
  const held: ScriptedExchange[] = [];
  const started: StartedService[] = [];
  let isHolding = true;
  let parts: SeparateParts;
  let upstream: Upstream;
  let first: Admin;
  let second: Admin;
  let gateways = 0;

  async function start(...given: Parameters<SeparateParts['start']>): Promise<StartedService> {
    const service = await parts.start(...given);
    started.push(service);
    return service;
  }

  beforeAll(async () => {
    parts = await startSeparateParts({ env: { LETHE_SLOTS: String(HANDSHAKES) } });
    const list = (exchange: ScriptedExchange): void => {
      if (isHolding) held.push(exchange);
      else exchange.reply(RESULT);
    };
    upstream = await startScriptedUpstream(legacyScript({ answers: { 'tools/list': list } }));
    const one = await start('registry');
    const [other] = await Promise.all([start('registry', 'registry-2'), start('connector'), start('proxy')]);
    const token = (await readFile(join(one.home, 'admin-token'), 'utf8')).trim();
    [first, second] = [new Admin(one.url, token), new Admin(other.url, token)];
  });
  afterAll(async () => {
    await Promise.all(started.map(({ process }) => process.stop()));
    await Promise.allSettled([parts?.close(), upstream?.close()]);
  });

  /** Not ready, or not listening any more. */
  async function leaves(name: string): Promise<void> {
    const { url } = started.find(({ process }) => process.name === name)!;
    const headers = { connection: 'close' };
    const isReady = (): Promise<boolean> =>
      fetch(`${url}/readyz`, { headers }).then(
        ({ status }) => status === 200,
        () => false,
      );
    await until(`the end of ${name}'s intake`, async () => !(await isReady()) || undefined);
  }

  const processOf = (name: string): ServiceProcess => started.find(({ process }) => process.name === name)!.process;

  /** Begins a verification that waits for its upstream, and the request that waits for its end. */
  async function beginVerification(admin: Admin) {
    const name = `G${++gateways}`;
    const { id: gateway } = await admin.createGateway({ name, url: upstream.url, passthroughHeaders: [] });
    const { id } = await admin.startVerification(gateway, { credential: 'none' });
    const path = `/gateways/${gateway}/verifications/${id}`;
    return { gateway, id, waiting: admin.request('GET', path, undefined, { prefer: 'wait=20' }) };
  }

  async function beginHandshakes(admin: Admin) {
    isHolding = true;
    const begun = await Promise.all(Array.from({ length: HANDSHAKES }, () => beginVerification(admin)));
    await until('the handshakes', () => held.length >= HANDSHAKES || undefined);
    return begun;
  }

  function finishHandshakes(): void {
    isHolding = false;
    for (const exchange of held.splice(0)) exchange.reply(RESULT);
  }

  async function endedInOrder(process: ServiceProcess): Promise<void> {
    await until('its end', () => process.hasExited() || undefined);
    expect(process.exitCode()).toBe(0);
  }

  /** While the other transaction holds the table, changes wait in the middle of theirs. */
  async function holdServers(): Promise<() => Promise<void>> {
    const client = new pg.Client({ connectionString: parts.databaseUrl });
    await client.connect();
    await client.query('begin');
    await client.query('lock table virtual_server in exclusive mode');
    return () => client.end();
  }

  async function waitingForServers(): Promise<number> {
    const client = new pg.Client({ connectionString: parts.databaseUrl });
    await client.connect();
    const { rows } = await client.query(`select from pg_stat_activity where datname = current_database()
      and wait_event_type = 'Lock'`);
    await client.end();
    return rows.length;
  }

  it('a registry answers every request that has begun, and the other one publishes and concludes what is left', async () => {
    verifies('drain.nothing-lost');
    const begun = await beginHandshakes(first);
    const letGo = await holdServers();
    const slugs = Array.from({ length: CHANGES }, (_, n) => `server-${n}`);
    const changes = slugs.map((slug) => {
      const server = { name: slug, slug, include: [{ gateway: begun[0]!.gateway }], access: 'open' };
      return first.request('POST', '/servers', server, { prefer: 'wait=20' });
    });
    await until('changes that wait', async () => (await waitingForServers()) > 1 || undefined);
    const registry = processOf('registry');
    registry.signal('SIGTERM');
    await leaves('registry');
    // Who waits for the end of a verification gets its present state, and asks elsewhere.
    for (const { waiting } of begun) expect(await waiting).toMatchObject({ status: 200, body: { state: 'running' } });
    await letGo();
    expect((await Promise.all(changes)).map(({ status }) => status)).toEqual(slugs.map(() => 201));
    await endedInOrder(registry);
    finishHandshakes();
    for (const { gateway, id } of begun)
      expect(await second.finished(gateway, id)).toMatchObject({ state: 'verified' });
    const proxyUrl = started.find(({ process }) => process.name === 'proxy')!.url;
    await Promise.all(slugs.map((slug) => servedBy(proxyUrl, slug)));
  });

  it('a connector finishes and reports its handshakes, and new ones go to the other one', async () => {
    verifies('drain.nothing-lost');
    const begun = await beginHandshakes(second);
    await start('connector', 'connector-2');
    const connector = processOf('connector');
    connector.signal('SIGTERM');
    await leaves('connector');
    isHolding = false;
    const { gateway, id } = await beginVerification(second);
    expect(await second.finished(gateway, id)).toMatchObject({ state: 'verified' });
    expect(connector.hasExited()).toBe(false);
    finishHandshakes();
    await endedInOrder(connector);
    for (const { gateway: name, id: vid } of begun)
      expect(await second.finished(name, vid)).toMatchObject({ state: 'verified' });
  });
});
