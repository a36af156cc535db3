import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { servedBy } from '../support/calls.js';
import { connectLegacy, connectModern } from '../support/mcp-clients.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { legacy, modern } from '../support/proxy/rpc.js';
import { tool } from '../support/published-routes.js';
import { type RewriteHeaders, startRelay } from '../support/real-servers/relay.js';
import {
  handsEverythingOn,
  handsOnButAtInitialize,
  renamesTheShortForm,
  sendsItsOwnKey,
} from '../support/upstreams/gateways.js';
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

const without = (headers: Record<string, string>, name: string) =>
  Object.fromEntries(Object.entries(headers).filter(([other]) => other !== name));

const WHO = { name: 'who', arguments: {} };
const LONG_FORM = 'x-upstream-forge-authorization';
const SHORT_FORM = 'x-upstream-authorization';
const CLIENTS = [
  ['legacy', connectLegacy],
  ['modern', connectModern],
] as const;

describeProxies('Lethe behind another gateway', 1, ({ keep, startUpstream, publish, publishKey }) => {
  let endpoint: string;
  let key: string;

  beforeAll(async () => {
    const forge = await startUpstream((exchange) =>
      whoScript(exchange.request.headers.authorization ?? 'nobody')(exchange),
    );
    const gateways = [{ slug: 'forge', url: forge.url, items: [tool('who')], mappings: [{ header: 'Authorization' }] }];
    const shortForm = { authorization: 'forge' };
    const { url, manifest } = await publish({ access: 'key', shortForm, gateways });
    key = await publishKey(manifest.slug);
    endpoint = url;
  });

  describe.each<[string, string, (key: string) => RewriteHeaders]>([
    ['that hands every header on', SHORT_FORM, () => handsEverythingOn],
    ['that hands headers on, but not at initialize', SHORT_FORM, () => handsOnButAtInitialize],
    ['that sends its own key, and one more header', SHORT_FORM, sendsItsOwnKey],
    ['that renames the short form, with the long one', LONG_FORM, (own) => renamesTheShortForm(own, [LONG_FORM])],
  ])('%s', (_what, header, rewriteFor) => {
    it.each(CLIENTS)('serves a %s client with its own credential', async (_era, connect) => {
      verifies('chain.in-a-row');
      const front = keep(await startRelay(endpoint, rewriteFor(key)));
      for (const caller of CALLERS) {
        const headers = { authorization: `Bearer ${key}`, [header]: `Bearer token-of-${caller}` };
        const client = await connect(front.url, headers);
        expect(await client.callTool(WHO)).toMatchObject({ content: [{ text: `Bearer token-of-${caller}` }] });
        await client.close();
      }
    });
  });
});

describeProxies('Lethe in front of another gateway', 1, ({ keep, startUpstream, publish }) => {
  it('that has a key of its own in one header, and the credential in another', async () => {
    verifies('chain.in-a-row');
    const { url, received } = await startUpstream((exchange) => whoScript('who')(exchange));
    const mappings = [
      { header: 'x-litellm-api-key', required: true },
      { header: 'Authorization', required: true },
    ];
    const server = await publish({ gateways: [{ slug: 'hub', url, items: [tool('who')], mappings }] });
    const own = { 'x-upstream-hub-x-litellm-api-key': 'key-of-alice', 'x-upstream-hub-authorization': 'Bearer alice' };
    await legacy(server.url, 'tools/call', WHO, own);
    expect(received.at(-1)?.headers).toMatchObject({
      'x-litellm-api-key': 'key-of-alice',
      authorization: 'Bearer alice',
    });
    for (const header of Object.keys(own)) {
      const answer = await legacy(server.url, 'tools/call', WHO, without(own, header));
      expect(answer.text.toLowerCase()).toContain(header);
    }
  });

  it('that takes the credential in X-Upstream-Authorization', async () => {
    verifies('chain.in-a-row');
    const last = await startUpstream((exchange) => whoScript(exchange.request.headers.authorization ?? '')(exchange));
    const forge = keep(await startRelay(last.url, renamesTheShortForm('stored')));
    const mappings = [{ header: 'Authorization' }, { header: 'X-Upstream-Authorization' }];
    const server = await publish({ gateways: [{ slug: 'forge', url: forge.url, items: [tool('who')], mappings }] });
    for (const caller of CALLERS) {
      const headers = {
        'x-upstream-forge-authorization': 'Bearer a-token-of-the-gateway',
        'x-upstream-forge-x-upstream-authorization': `Bearer token-of-${caller}`,
      };
      const { body } = await legacy(server.url, 'tools/call', WHO, headers);
      expect(body.result.content[0]?.text).toBe(`Bearer token-of-${caller}`);
    }
  });
});
