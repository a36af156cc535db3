import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { openServerOver } from '../support/open-server.js';
import { begin, legacy } from '../support/proxy/rpc.js';
import { ALLOWED_DIFFERENCES, notAllowed, rulesFor } from '../support/real-servers/allowed-differences.js';
import { type ComparedCell, cellsOf } from '../support/real-servers/cells.js';
import { compare, type Comparison } from '../support/real-servers/compare.js';
import type { Questions } from '../support/real-servers/observe.js';
import { type Probe, probe } from '../support/real-servers/probe.js';
import { readProbeTable } from '../support/real-servers/probe-table.js';
import { startRelay } from '../support/real-servers/relay.js';
import { SDK_CLIENTS, type SdkClientName } from '../support/real-servers/sdk-clients.js';
import { ROOT } from '../support/processes.js';
import { startScriptedUpstream } from '../support/upstreams/index.js';
import { hasItems, isRefusal, type RealServer } from '../support/upstreams/real/real-server.js';
import { realServerScript } from '../support/upstreams/real/real-server-script.js';
import { REAL_SERVERS } from '../support/upstreams/real/real-servers.js';
import { startWholeLethe, type WholeLethe } from '../support/whole-lethe.js';

const CLIENTS = Object.keys(SDK_CLIENTS) as SdkClientName[];
/** As many verifications as one administrator may have at once. */
const AT_ONCE = 3;

const QUESTIONS: Questions = {
  call: { tool: 'echo', arguments: { text: 'over the river' } },
  read: { uri: 'note://one' },
  prompt: { prompt: 'greet', arguments: { who: 'you' } },
  state: [{ tool: 'count' }, { tool: 'count' }],
};

let lethe: WholeLethe;
const seen = new Map<RealServer, { probed: Probe; cells: ComparedCell[]; afterRestart: number[] }>();
const measured = readProbeTable(readFileSync(join(ROOT, 'docs/compatibility-servers.md'), 'utf8'));

beforeAll(async () => {
  lethe = await startWholeLethe();
  for (let n = 0; n < REAL_SERVERS.length; n += AT_ONCE) {
    await Promise.all(REAL_SERVERS.slice(n, n + AT_ONCE).map(compareServer));
  }
}, 180_000);
afterAll(() => lethe?.close());

it('no real server hides text from people', async () => {
  verifies('verification.hidden-text-reviewed');
  const { items } = await lethe.admin.ask<{ items: Record<string, unknown>[] }>('GET', '/gateways?limit=100');
  expect(items.length).toBe(REAL_SERVERS.length);
  expect(items.filter(({ reviewReason }) => reviewReason !== null)).toEqual([]);
  expect(JSON.stringify(items.map(({ warnings }) => warnings))).not.toContain('hidden_text');
});

describe.each(REAL_SERVERS.map((server) => [`${server.name} ${server.version}`, server] as const))(
  'a server like %s',
  (name, server) => {
    const served = CLIENTS.filter((client) => expectedEra(server, client) !== 'refused');
    const usable = served.filter((client) => isUsableDirectly(server, client));
    const relayed = usable.filter((client) => speaks(server, expectedEra(server, client)));

    it('answers by hand as the real one was measured', () => {
      expect(seen.get(server)?.probed).toEqual(measured.get(name));
    });

    it.each(CLIENTS)('serves a client in the right era: %s', (client) => {
      verifies('servers.as-direct');
      const { isRefused, era } = cellOf(server, client);
      expect(isRefused ? 'refused' : era).toBe(expectedEra(server, client));
    });

    it.each(served)('looks to a client as directly, but for what eras.md names: %s', (client) => {
      verifies('servers.as-direct');
      const cell = cellOf(server, client);
      expect(notAllowed(cell.found, cell)).toEqual([]);
    });

    it.each(usable)('keeps the state of a session, and asks, wherever it does directly: %s', (client) => {
      verifies('servers.as-direct');
      const { direct, through } = cellOf(server, client).comparison;
      const hasState = expectedEra(server, client) === 'legacy' && keepsSessions(server);
      const counted = ['1', hasState ? '2' : '1'];
      expect([direct, through].map(({ state }) => textsOf(state))).toEqual([counted, counted]);
      expect(textsOf(through['ask'])).toEqual(textsOf(direct['ask']));
      expect(textsOf(through['ask']).join().includes('accept')).toBe(asksIn(server, expectedEra(server, client)));
    });

    it.each(relayed)('gets one request for each call in its own era: %s', (client) => {
      verifies('servers.as-direct');
      const { direct, through } = cellOf(server, client).comparison.cost;
      // The unknown tool goes no further than Lethe.
      expect(through.calls).toBe(direct.calls - 1);
      expect(through.sessions).toBeLessThanOrEqual(keepsSessions(server) && direct.sessions === 1 ? 1 : 0);
    });
  },
);

describe.each(REAL_SERVERS.filter(endsSessions).map((server) => [`${server.name} ${server.version}`, server] as const))(
  'a session at a server like %s',
  (_name, server) => {
    it('has ended for the client when the server has forgotten it, and a new one works', () => {
      expect(seen.get(server)?.afterRestart).toEqual([200, 404, 200]);
    });
  },
);

describe('the list of allowed differences', () => {
  it('has no rule that no server needs', () => {
    const all = [...seen.values()].flatMap(({ cells }) => cells).filter(({ isRefused }) => !isRefused);
    const used = new Set(all.flatMap((cell) => cell.found.flatMap((found) => rulesFor(found, cell))));
    expect(ALLOWED_DIFFERENCES.filter((rule) => !used.has(rule)).map(({ why }) => why)).toEqual([]);
  });
});

describe('a server whose modern era is empty', () => {
  it('is shown with what its legacy era has', () => {
    for (const server of REAL_SERVERS.filter(({ modern }) => !isRefusal(modern) && !hasItems(modern))) {
      for (const client of ['legacy', 'auto'] as const) {
        const { through } = cellOf(server, client).comparison;
        expect(through['tools'], `${server.name}, ${client}`).toHaveLength(3);
        expect(textsOf(through['call'])).toEqual(['{"text":"over the river"}']);
      }
    }
  });
});

async function compareServer(server: RealServer): Promise<void> {
  const { script, forgetSessions } = realServerScript(server);
  const upstream = await startScriptedUpstream(script);
  const relay = await startRelay(upstream.url);
  try {
    const endpoint = await openServerOver(lethe, server.name, relay.url);
    const probed = await probe(relay.url);
    const questions = { ...QUESTIONS, ...(asks(server) && { ask: { tool: 'ask' } }) };
    const comparisons: Comparison[] = [];
    for (const client of CLIENTS) comparisons.push(await compare({ relay, lethe: endpoint, questions }, client));
    const afterRestart = keepsSessions(server) ? await callsAroundRestart(endpoint, forgetSessions) : [];
    seen.set(server, { probed, cells: cellsOf(comparisons, probed), afterRestart });
  } finally {
    await relay.close();
    await upstream.close();
  }
}

/** HTTP status of a call in a session, of one after the server has forgotten the session, and of one in a new session. */
async function callsAroundRestart(endpoint: string, forgetSessions: () => void): Promise<number[]> {
  const call = async (session: Record<string, string>): Promise<number> =>
    (await legacy(endpoint, 'tools/call', { name: 'echo', arguments: { text: 'again' } }, session)).status;
  const session = await begin(endpoint);
  const before = await call(session);
  forgetSessions();
  return [before, await call(session), await call(await begin(endpoint))];
}

function cellOf(server: RealServer, client: SdkClientName): ComparedCell {
  const cell = seen.get(server)?.cells.find((one) => one.client === client);
  if (cell === undefined) throw new Error(`${server.name} was not compared`);
  return cell;
}

/** A server of the legacy era alone that keeps sessions is not made modern unasked (docs/operations/eras.md). */
function expectedEra(server: RealServer, client: SdkClientName): string {
  if (client === 'legacy') return 'legacy';
  if (hasItems(server.modern) || !keepsSessions(server)) return 'modern';
  return client === 'auto' ? 'legacy' : 'refused';
}

function speaks({ legacy, modern }: RealServer, era: string): boolean {
  return hasItems(era === 'legacy' ? legacy : modern);
}

/** Pinned and auto clients get the modern era directly if there is one, and only the latter falls back. */
function isUsableDirectly(server: RealServer, client: SdkClientName): boolean {
  if (client === 'legacy') return speaks(server, 'legacy');
  if (!isRefusal(server.modern)) return speaks(server, 'modern');
  return client === 'auto';
}

function keepsSessions({ legacy }: RealServer): boolean {
  return !isRefusal(legacy) && legacy.sessions !== 'none';
}

function asksIn({ legacy, modern }: RealServer, era: string): boolean {
  const offered = era === 'legacy' ? legacy : modern;
  return !isRefusal(offered) && offered.ask === 'asks';
}

/** It refuses an id that it does not know. */
function endsSessions({ legacy }: RealServer): boolean {
  return !isRefusal(legacy) && legacy.sessions === 'kept';
}

function asks({ legacy, modern }: RealServer): boolean {
  return [legacy, modern].some((era) => !isRefusal(era) && era.ask !== undefined);
}

/** The texts of a result, or of several. */
function textsOf(results: unknown): string[] {
  return [...JSON.stringify(results ?? null).matchAll(/"text":("(?:[^"\\]|\\.)*")/g)].map(([, text = '""']) =>
    String(JSON.parse(text)),
  );
}
