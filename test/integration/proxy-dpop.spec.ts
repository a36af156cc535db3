import { expect, it } from 'vitest';
import type { UpstreamFacts } from '@lethe/contracts';
import { verifies } from '../requirements.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { legacy, modern, modernRequest } from '../support/proxy/rpc.js';
import { MODERN_FACTS } from '../support/published-routes.js';
import { legacyScript, type UpstreamScript } from '../support/upstreams/index.js';

const MAPPINGS = [{ header: 'Authorization', scheme: 'dpop' as const }, { header: 'DPoP' }];
const TOKEN = { 'X-Upstream-up-Authorization': 'DPoP bound' };
const CALL = { name: 'echo', arguments: {} };

/** Something like a proof: a proxy has no key to check it with. */
function proof(htm: string, jti: string): string {
  const part = (claims: object): string => Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${part({ typ: 'dpop+jwt' })}.${part({ jti, htm, htu: 'https://up.example/mcp' })}.c2lnbmF0dXJl`;
}

const POSTS = ['a', 'b', 'c', 'd'].map((jti) => proof('POST', jti));
const DELETE = proof('DELETE', 'e');
const withProofs = (...proofs: string[]) => ({ ...TOKEN, 'X-Upstream-up-DPoP': proofs.join(', ') });
const answering = legacyScript({ sessionId: 's', results: { 'tools/call': { content: [] } } });

describeProxies('proofs of possession', 1, ({ serveOne, publish, startUpstream }) => {
  const serve = (script: UpstreamScript, facts: Partial<UpstreamFacts>) =>
    serveOne(script, { facts, mappings: MAPPINGS }, { eras: 'both' });

  it.each([
    ['of a legacy client', legacy],
    ['of a modern client', modern],
  ] as const)('go upstream one by one, byte for byte, with the session of one call %s', async (_client, ask) => {
    verifies('dpop.once');
    const { url, upstream } = await serve(answering, { sessionful: true });
    const { body, text } = await ask(url, 'tools/call', CALL, withProofs(DELETE, ...POSTS));
    expect(body.result.content, text).toEqual([]);
    await expect.poll(() => upstream.received.length).toBe(4);
    const sent = upstream.received.map(({ method, headers }) => [method, headers['authorization'], headers['dpop']]);
    expect(sent).toEqual([
      ...POSTS.slice(0, 3).map((one) => ['POST', 'DPoP bound', one]),
      ['DELETE', 'DPoP bound', DELETE],
    ]);
  });

  it('that are too few are told before a call is sent, and nothing is sent without one', async () => {
    verifies('dpop.once');
    const { url, upstream } = await serve(answering, { sessionful: true });
    const told = { reason: 'dpop_proofs_used_up', gateway: 'up', header: 'X-Upstream-up-DPoP', method: 'POST' };
    for (const ask of [legacy, modern]) {
      const { body } = await ask(url, 'tools/call', CALL, withProofs(...POSTS.slice(0, 2)));
      expect(body.result).toMatchObject({ isError: true, _meta: { 'lethe/error': told }, content: [{ text: expect.stringMatching(/lethe bridge/) }] });
    }
    expect(upstream.received.map(({ headers }) => headers['dpop'])).toEqual([...POSTS.slice(0, 2), ...POSTS.slice(0, 2)]);
  }); // prettier-ignore

  it('that are none are refused with the rule', async () => {
    const { url, upstream } = await serve(answering, MODERN_FACTS);
    for (const value of ['abc', `${POSTS[0]},`, 'a.b.c', Array.from({ length: 17 }, () => 'e30.eyJodG0iOiJQT1NUIn0.c2ln').join()]) {
      const { body, text } = await modern(url, 'tools/call', CALL, { ...TOKEN, 'X-Upstream-up-DPoP': value });
      expect(body.result).toMatchObject({ isError: true, _meta: { 'lethe/error': { reason: 'credential_malformed', rule: 'dpop_proofs' } } });
      expect(text).toContain('1 to 16 DPoP proofs');
    }
    const wrong = { ...withProofs(...POSTS), 'X-Upstream-up-Authorization': 'Bearer bound' };
    expect((await modern(url, 'tools/call', CALL, wrong)).text).toContain('DPoP <token>');
    expect(upstream.received).toEqual([]);
  }); // prettier-ignore

  it('of one gateway never reach another', async () => {
    const [one, two] = [await startUpstream(answering), await startUpstream(answering)];
    const gateways = [one, two].map(({ url }, n) => ({ slug: `g${n}`, url, items: [{ kind: 'tool' as const, own: `t${n}`, definition: { name: `t${n}` } }], mappings: MAPPINGS }));
    const { url } = await publish({ gateways });
    const headers = { 'X-Upstream-g0-DPoP': POSTS[0] ?? '', 'X-Upstream-g1-DPoP': POSTS[1] ?? '' };
    await legacy(url, 'tools/call', { name: 't1', arguments: {} }, headers);
    expect([one, two].map(({ received }) => received.map((request) => request.headers['dpop']))).toEqual([[], [POSTS[1]]]);
  }); // prettier-ignore

  it('have the nonce that the upstream wants told in the response', async () => {
    const nonces = ['n-1', 'n2', 'not a nonce', 'x'.repeat(257)];
    const script: UpstreamScript = ({ response, reply }) => {
      const nonce = nonces.shift() ?? '';
      if (nonce === 'n-1') response.writeHead(401, { 'www-authenticate': 'DPoP error="use_dpop_nonce"', 'dpop-nonce': nonce }).end();
      else reply({ content: [] }, { 'dpop-nonce': nonce });
    };
    const { url } = await serve(script, MODERN_FACTS);
    const told = [];
    for (const one of POSTS) {
      const { headers, body } = await modern(url, 'tools/call', CALL, withProofs(one));
      told.push(headers.get('x-upstream-up-dpop-nonce'));
      if (nonces.length < 3) continue;
      const challenge = { scheme: 'DPoP', error: 'use_dpop_nonce', dpopNonce: 'n-1' };
      expect(body.result).toMatchObject({ _meta: { 'lethe/error': { challenge } } });
    }
    expect(told).toEqual(['n-1 required', 'n2', null, null]);
  }); // prettier-ignore

  it('end a subscription when none is left to open it again at an upstream that cuts it', async () => {
    verifies('dpop.streams');
    const cut: UpstreamScript = ({ response }) =>
      void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(': cut\n\n');
    const script = legacyScript({ sessionId: 's', answers: { GET: cut } });
    const { url, upstream } = await serve(script, { sessionful: true, capabilities: { tools: { listChanged: true } } });
    const gets = ['g', 'h'].map((jti) => proof('GET', jti));
    const deletes = ['e', 'f'].map((jti) => proof('DELETE', jti));
    const headers = withProofs(...POSTS, ...gets, ...deletes);
    const params = { notifications: { toolsListChanged: true } };
    const stream = await fetch(url, modernRequest('subscriptions/listen', params, headers));
    expect(await stream.text()).toContain('acknowledged');
    const sent = upstream.received.map((request) => request.headers['dpop']);
    expect(sent.toSorted()).toEqual([...POSTS, ...gets, ...deletes].toSorted());
  });

  it('need the URL of the upstream, which is told where there is a mapping for them', async () => {
    const { url, upstream } = await serve(answering, MODERN_FACTS);
    const plain = await serveOne(answering, { facts: MODERN_FACTS });
    const overSse = await serve(answering, { transport: 'sse' });
    const told = await Promise.all(
      [url, plain.url, overSse.url].map(async (one) => {
        const { items } = (await (await fetch(one.replace(/mcp$/, 'upstreams'))).json()) as { items: { url?: string }[] };
        return items[0]?.url;
      }),
    );
    expect(told).toEqual([upstream.url, undefined, undefined]);
  }); // prettier-ignore
});
