import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { servedBy } from '../support/calls.js';
import { legacy, modern } from '../support/proxy/rpc.js';
import { legacyScript, startScriptedUpstream, type Upstream } from '../support/upstreams/index.js';
import { startWholeLethe, type WholeLethe } from '../support/whole-lethe.js';

/** The header for the upstream `api`, as callers of each gateway in the row send it. */
const AT_INNER = 'X-Upstream-api-Authorization';
const AT_MIDDLE = `X-Upstream-inner-${AT_INNER}`;
const AT_OUTER = `X-Upstream-middle-${AT_MIDDLE}`;
const CALLERS = ['alice', 'bob'];
const CALLS = 1_000;
const AT_ONCE = 20;

let lethe: WholeLethe;
let upstream: Upstream;
/** A caller's headers for the outermost virtual server. */
const headersOf = new Map<string, Record<string, string>>();

beforeAll(async () => {
  upstream = await startScriptedUpstream((exchange) => {
    const { authorization } = exchange.request.headers;
    if (authorization === undefined) return exchange.replyError(401, { code: 1, message: 'who are you?' });
    return whoScript(authorization)(exchange);
  });
  lethe = await startWholeLethe();
  await serve('api', upstream.url, { Authorization: 'Bearer registrar' });
  const innerKey = await lethe.admin.callerKey(['api-server']);
  await serve('inner', endpointOf('api'), { Authorization: `Bearer ${innerKey}`, [AT_INNER]: 'Bearer registrar' });
  const middleKey = await lethe.admin.callerKey(['inner-server']);
  await serve('middle', endpointOf('inner'), {
    Authorization: `Bearer ${middleKey}`,
    'X-Upstream-inner-Authorization': `Bearer ${innerKey}`,
    [AT_MIDDLE]: 'Bearer registrar',
  });
  for (const caller of CALLERS) headersOf.set(caller, await headersFor(caller));
}, 60_000);
afterAll(async () => {
  await lethe?.close();
  await upstream?.close();
});

const endpointOf = (slug: string) => `${lethe.proxyUrl}/servers/${slug}-server/mcp`;
const whoScript = (authorization: string) =>
  legacyScript({
    answers: {
      'tools/list': ({ reply }) => reply({ tools: [{ name: 'who', inputSchema: { type: 'object' } }] }),
      'tools/call': ({ reply }) => reply({ content: [{ type: 'text', text: authorization }] }),
    },
  });

/** Registers a gateway with one mapping for each header, verifies it with them, and serves it to callers with keys. */
async function serve(slug: string, url: string, credential: Record<string, string>): Promise<void> {
  const passthroughHeaders = Object.keys(credential).map((header) => ({ header, required: true }));
  const { id } = await lethe.admin.createGateway({ name: slug, slug, url, passthroughHeaders });
  const headers = Object.entries(credential).map(([name, value]) => ({ name, value }));
  expect(await lethe.admin.verify(id, { scheme: 'headers', headers })).toMatchObject({ state: 'verified' });
  const server = { name: slug, slug: `${slug}-server`, include: [{ gateway: slug }], access: 'key' };
  await lethe.admin.ask('POST', '/servers', server);
  const key = await lethe.admin.callerKey([`${slug}-server`]);
  await servedBy(lethe.proxyUrl, `${slug}-server`, key);
}

async function headersFor(caller: string): Promise<Record<string, string>> {
  const keyFor = async (slug: string) => {
    const key = await lethe.admin.callerKey([`${slug}-server`]);
    await servedBy(lethe.proxyUrl, `${slug}-server`, key);
    return `Bearer ${key}`;
  };
  return {
    Authorization: await keyFor('middle'),
    'X-Upstream-middle-Authorization': await keyFor('inner'),
    'X-Upstream-middle-X-Upstream-inner-Authorization': await keyFor('api'),
    [AT_OUTER]: `Bearer token-of-${caller}`,
  };
}

const ask = { legacy, modern };

describe('Lethe in front of Lethe, in front of Lethe', () => {
  it.each(['legacy', 'modern'] as const)('lists and calls in the %s era', async (era) => {
    const headers = headersOf.get('alice');
    const listed = await ask[era](endpointOf('middle'), 'tools/list', {}, headers);
    expect(listed.body.result.tools.map(({ name }) => name)).toEqual(['who']);
    const called = await ask[era](endpointOf('middle'), 'tools/call', { name: 'who', arguments: {} }, headers);
    expect(called.body.result.content[0]?.text).toBe('Bearer token-of-alice');
  });

  it(`gives each upstream the credential of its caller alone, in ${CALLS} calls`, async () => {
    verifies('chain.own-credential');
    const seen = upstream.received.length;
    const wrong: string[] = [];
    const callOnce = async (n: number) => {
      const caller = CALLERS[n % CALLERS.length] ?? '';
      const era = n % 4 < 2 ? legacy : modern;
      const params = { name: 'who', arguments: {} };
      const { body } = await era(endpointOf('middle'), 'tools/call', params, headersOf.get(caller));
      const text = body.result?.content[0]?.text;
      if (text !== `Bearer token-of-${caller}`) wrong.push(`${caller}: ${text ?? JSON.stringify(body)}`);
    };
    const lane = async (first: number) => {
      for (let n = first; n < CALLS; n += AT_ONCE) await callOnce(n);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, (_, first) => lane(first)));
    expect(wrong).toEqual([]);
    const received = upstream.received.slice(seen);
    expect(received).toHaveLength(CALLS);
    const credentials = new Set(received.map(({ headers }) => headers.authorization));
    expect(credentials).toEqual(new Set(CALLERS.map((caller) => `Bearer token-of-${caller}`)));
    expect(JSON.stringify(received)).not.toMatch(/lethe_key_|x-upstream-/i);
  }, 60_000);

  it('never reads a header for a gateway further on from another name', async () => {
    verifies('chain.explicit');
    const { [AT_OUTER]: token = '', ...keys } = headersOf.get('alice') ?? {};
    for (const near of [AT_INNER, AT_MIDDLE, `X-Upstream-${AT_MIDDLE}`]) {
      const headers = { ...keys, [near]: token };
      const answer = await legacy(endpointOf('middle'), 'tools/call', { name: 'who', arguments: {} }, headers);
      expect(answer.text).toContain('credential_required');
      expect(answer.text).toContain(AT_OUTER);
    }
  });
});
