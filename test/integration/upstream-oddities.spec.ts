import type { Era } from '@lethe/contracts';
import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { expect, it } from 'vitest';
import { runHandshake } from '../../apps/connector/src/handshake/handshake.js';
import { verifies } from '../requirements.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { legacy } from '../support/proxy/rpc.js';
import { MODERN_FACTS } from '../support/published-routes.js';
import {
  ACCEPTED,
  type OddResponse,
  oddScript,
  REFUSED,
  REFUSED_BY_LETHE,
  REFUSED_BY_SCHEMAS,
} from '../support/upstreams/index.js';

const IDENTITY = { name: 'lethe-test', version: '1.0.0' };
const PATIENT_MS = 10_000;
/** A client of the SDKs waits for ever for a response that it does not recognize. */
const IMPATIENT_MS = 400;

type Verdict = 'accepted' | 'refused';

/** Whether a client of an official SDK connects and calls a tool. */
const CALL: Readonly<Record<Era, (url: string, timeoutMs: number) => Promise<Verdict>>> = {
  legacy: async (url, timeout) => {
    const client = new LegacyClient(IDENTITY);
    return verdictOf(client, async () => {
      await client.connect(new LegacyTransport(new URL(url)), { timeout });
      return client.callTool({ name: 't0' }, undefined, { timeout });
    });
  },
  modern: async (url, timeout) => {
    const client = new ModernClient(IDENTITY, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
    return verdictOf(client, async () => {
      await client.connect(new ModernTransport(new URL(url)), { timeout });
      return client.callTool({ name: 't0' }, { timeout });
    });
  },
};

async function verdictOf(client: { close(): Promise<void> }, call: () => Promise<object>): Promise<Verdict> {
  try {
    expect(await call()).toMatchObject({ content: [{ text: 'done' }] });
    return 'accepted';
  } catch {
    return 'refused';
  } finally {
    await client.close();
  }
}

async function verify(url: string, era: Era): Promise<Verdict> {
  const task = {
    url,
    transport: 'streamable-http',
    policy: { allowed: ['127.0.0.0/8'] },
    timeoutMs: PATIENT_MS,
  } as const;
  const outcome = await runHandshake(task, { scheme: 'none' });
  if (outcome.status === 'failed') return 'refused';
  expect(outcome).toMatchObject({ facts: { era }, items: [{ own: 't0' }] });
  return 'accepted';
}

const FACTS = {
  modern: MODERN_FACTS,
  'legacy, with sessions': { sessionful: true },
  'legacy, without sessions': { sessionful: false },
} as const;

/** Every way from a client to an upstream of one kind. */
const CELLS = (['legacy', 'modern'] as const).flatMap((client) =>
  (Object.keys(FACTS) as (keyof typeof FACTS)[]).map((upstream) => {
    const era: Era = upstream === 'modern' ? 'modern' : 'legacy';
    return { client, upstream, era, isRelayed: client === era };
  }),
);

describeProxies('an upstream that is odd', 1, ({ startUpstream, serve }) => {
  /** The verdicts of all ways through Lethe: of those that relay, or of those that translate. */
  async function through(odd: OddResponse, relayed: boolean, timeoutMs: number): Promise<Record<string, Verdict>> {
    const cells = CELLS.filter(({ isRelayed }) => isRelayed === relayed);
    const verdicts = cells.map(async ({ client, upstream, era }) => {
      const script = oddScript(era, odd, upstream === 'legacy, with sessions' ? { sessionId: 's' } : {});
      const { url } = await serve([await startUpstream(script)], { eras: 'both' }, { facts: FACTS[upstream] });
      return [`${client} -> ${upstream}`, await CALL[client](url, timeoutMs)];
    });
    return Object.fromEntries(await Promise.all(verdicts)) as Record<string, Verdict>;
  }

  async function directly(odd: OddResponse, timeoutMs: number): Promise<Verdict[]> {
    const calls = (['legacy', 'modern'] as const).map(async (era) => {
      return CALL[era]((await startUpstream(oddScript(era, odd))).url, timeoutMs);
    });
    return Promise.all(calls);
  }

  async function verified(odd: OddResponse): Promise<Verdict[]> {
    const runs = (['legacy', 'modern'] as const).map(async (era) => {
      return verify((await startUpstream(oddScript(era, odd))).url, era);
    });
    return Promise.all(runs);
  }

  async function listedLive(odd: OddResponse): Promise<Verdict> {
    const upstream = await startUpstream(oddScript('legacy', odd, { methods: ['tools/list'] }));
    const { url } = await serve([upstream], {}, { facts: FACTS['legacy, without sessions'], listing: 'live' });
    const { body } = await legacy(url, 'tools/list');
    return body.result.tools.length === 1 ? 'accepted' : 'refused';
  }

  async function expectVerdicts(odd: OddResponse, expected: { direct: Verdict; lethe: Verdict; translated: Verdict }) {
    const patience = (verdict: Verdict): number => (verdict === 'accepted' ? PATIENT_MS : IMPATIENT_MS);
    const [direct, verification, relayed, translated, live] = await Promise.all([
      directly(odd, patience(expected.direct)),
      verified(odd),
      through(odd, true, patience(expected.lethe)),
      through(odd, false, patience(expected.translated)),
      listedLive(odd),
    ]);
    const all = (verdict: Verdict, of: object) => Object.fromEntries(Object.keys(of).map((key) => [key, verdict]));
    expect({ direct, verification, relayed, translated, live }).toEqual({
      direct: [expected.direct, expected.direct],
      verification: [expected.lethe, expected.lethe],
      relayed: all(expected.lethe, relayed),
      translated: all(expected.translated, translated),
      live: expected.translated,
    });
  }

  it.each(ACCEPTED.map((odd) => [odd.name, odd] as const))('is verified and called: %s', async (_name, odd) => {
    verifies('relay.as-tolerant-as-the-sdks');
    await expectVerdicts(odd, { direct: 'accepted', lethe: 'accepted', translated: 'accepted' });
  });

  it.each(REFUSED.map((odd) => [odd.name, odd] as const))('is neither verified nor called: %s', async (_name, odd) => {
    verifies('relay.as-tolerant-as-the-sdks');
    await expectVerdicts(odd, { direct: 'refused', lethe: 'refused', translated: 'refused' });
  });

  it.each(REFUSED_BY_SCHEMAS.map((odd) => [odd.name, odd] as const))(
    'is called by its own era if the client accepts it, and not verified: %s',
    (_name, odd) => expectVerdicts(odd, { direct: 'refused', lethe: 'refused', translated: 'accepted' }),
  );

  it.each(REFUSED_BY_LETHE.map((odd) => [odd.name, odd] as const))(
    'is refused on purpose, alike in a verification and a call: %s',
    (_name, odd) => expectVerdicts(odd, { direct: 'accepted', lethe: 'refused', translated: 'refused' }),
  );
});
