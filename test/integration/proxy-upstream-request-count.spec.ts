import type { UpstreamFacts } from '@lethe/contracts';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { answersForms, connectLegacy, connectModern } from '../support/mcp-clients.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { MODERN_FACTS } from '../support/published-routes.js';
import { legacyScript, type ScriptedExchange } from '../support/upstreams/index.js';

const SESSIONFUL: Partial<UpstreamFacts> = { sessionful: true };
const SESSIONLESS: Partial<UpstreamFacts> = { sessionful: false };
const BOTH: Partial<UpstreamFacts> = {
  ...MODERN_FACTS,
  otherEra: {
    ...{ era: 'legacy', protocolVersion: '2025-11-25', sessionful: true, listScope: 'unknown' },
    ...{ serverInfo: {}, capabilities: {} },
  },
};
const CALLS = 5;

/** The table of docs/operations/eras.md. */
const TABLE = [
  ['modern', 'modern', connectModern, MODERN_FACTS, ['tools/call']],
  ['legacy', 'legacy with sessions', connectLegacy, SESSIONFUL, ['tools/call']],
  ['legacy', 'legacy without sessions', connectLegacy, SESSIONLESS, ['tools/call']],
  ['modern', 'both', connectModern, BOTH, ['tools/call']],
  ['legacy', 'both, with sessions', connectLegacy, BOTH, ['tools/call']],
  ['legacy', 'modern', connectLegacy, MODERN_FACTS, ['tools/call']],
  ['modern', 'legacy without sessions', connectModern, SESSIONLESS, ['tools/call']],
  [
    'modern',
    'legacy with sessions',
    connectModern,
    SESSIONFUL,
    ['initialize', 'notifications/initialized', 'tools/call', 'DELETE'],
  ],
] as const;

describeProxies('upstream requests per call, in steady state', 2, ({ serve, startUpstream }) => {
  it.each(TABLE)('are those of the table: %s client, %s upstream', async (_client, _upstream, connect, facts, each) => {
    verifies('eras.counted');
    const got: string[] = [];
    const script = legacyScript({
      sessionId: 's-1',
      results: { 'tools/call': { resultType: 'complete', content: [] } },
    });
    const upstream = await startUpstream((exchange: ScriptedExchange) => {
      got.push(exchange.message.method ?? exchange.request.method ?? '');
      return script(exchange);
    });
    const { url } = await serve([upstream], { eras: 'both' }, { facts });
    // One that lets itself be asked, so that what it may be offered costs what it costs the first time only.
    const client =
      connect === connectModern
        ? await connectModern(url, {}, answersForms({}))
        : await connectLegacy(url, {}, { elicitation: {} });
    await client.listTools();
    await client.callTool({ name: 't0' });
    await client.callTool({ name: 't0' });
    await settled(got);
    got.length = 0;
    for (let n = 0; n < CALLS; n++) await client.callTool({ name: 't0' });
    const all = Array.from({ length: CALLS }, () => each).flat();
    await eventually(() => expect(got.toSorted()).toEqual(all.toSorted()));
    await client.close();
  });

  /** The end of a session, and the stream that a client tries to open, come beside the calls. */
  async function settled(got: readonly string[]): Promise<void> {
    let before = -1;
    await eventually(async () => {
      const isQuiet = before === got.length;
      before = got.length;
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(isQuiet && before === got.length).toBe(true);
    });
  }
});
