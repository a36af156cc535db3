import { beforeAll, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { describeProxiesOnEachEngine } from '../support/proxy/describe-proxies.js';
import { BELIEVES_FORWARDED, fromSomewhere } from '../support/proxy/caller-addresses.js';
import { legacy, modern } from '../support/proxy/rpc.js';
import { tool } from '../support/published-routes.js';
import { startRelay } from '../support/real-servers/relay.js';
import { renamesTheShortForm } from '../support/upstreams/gateways.js';
import type { Upstream } from '../support/upstreams/index.js';

const KEY_ID = '0190c0de-0000-7000-8000-0000000000cc';
const HOUR_AGO = Math.floor(Date.now() / 1000) - 3_600;
const WITHOUT_TOKEN = ['no_authorization', 'scheme_missing', 'scheme_not_bearer'];
/** RFC 6750, section 3. */
const DESCRIPTION = /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/;
/** Clients search a message for statuses. */
const STATUS = /[45]\d\d/;

describeProxiesOnEachEngine('callers that are refused', { count: 1, env: BELIEVES_FORWARDED }, (suite) => {
  const { proxies, keep, publish, publishKey, startUpstream } = suite;
  let upstream: Upstream;
  let good: string;
  let keys: Record<'ofOther' | 'expired' | 'revoked', string>;

  beforeAll(async () => {
    upstream = await startUpstream(({ reply }) => reply({ content: [] }));
    const gateways = [{ slug: 'secret-name', url: upstream.url, items: [tool('echo')] }];
    const shortForm = { authorization: 'secret-name' };
    await publish({ slug: 'keys', access: 'key', missingCredential: 'error', gateways, shortForm });
    const other = await publish({ slug: 'others', access: 'key', gateways: [] });
    good = await publishKey('keys');
    keys = {
      ofOther: await proxies.routes.key([other.manifest.id]),
      expired: await proxies.routes.key('*', { exp: HOUR_AGO }),
      revoked: await proxies.routes.key('*', { revoked: true }),
    };
    await eventually(async () => expect((await ping('others', `Bearer ${keys.ofOther}`)).status).toBe(200));
    for (const [key, why] of [
      [keys.expired, 'key_expired'],
      [keys.revoked, 'key_revoked'],
    ]) {
      await eventually(async () => expect(whyOf(await ping('keys', `Bearer ${key}`))).toBe(why));
    }
  });

  const endpoint = (slug: string) => `${proxies.url}/servers/${slug}/mcp`;
  const ping = (slug: string, authorization?: string, ask: typeof legacy | typeof modern = legacy) =>
    ask(endpoint(slug), 'ping', {}, { ...fromSomewhere(), ...(authorization !== undefined && { authorization }) });
  const whyOf = ({ body }: Awaited<ReturnType<typeof ping>>) => body.error.data['why'];

  const mistakes = (): [why: string, authorization: string | undefined, says: RegExp][] => [
    ['no_authorization', undefined, /No Authorization header was sent.*lethe_key_/],
    ['key_unknown', `Bearer lethe_key_${KEY_ID}_aaaaaaaaaaaaaaaaaaaa`, /not known here/],
    ['key_unknown', `Bearer ${good.slice(0, -1)}`, /not known here/],
    ['key_unknown', `Bearer ${keys.revoked.slice(0, -1)}`, /not known here/],
    ['key_unknown', `Bearer ${keys.expired.slice(0, -1)}x`, /not known here/],
    ['key_expired', `Bearer ${keys.expired}`, /has expired/],
    ['key_revoked', `Bearer ${keys.revoked}`, /was revoked/],
    ['scheme_not_bearer', `Basic ${good}`, /not Bearer/],
    ['scheme_missing', good, /has no scheme.*Bearer, a space/],
    ['value_missing', 'Bearer', /is empty.*variable/],
    ['value_missing', '', /is empty/],
    ['value_malformed', `Bearer Bearer ${good}`, /second Bearer/],
    ['value_malformed', `Bearer "${good}"`, /quotes/],
    ['administrator_token', `Bearer ${good.replace('key', 'admin')}`, /administrator's token.*lethe_key_/],
    ['not_a_key', 'Bearer ghp_0123456789abcdefghij', /not a caller key.*X-Upstream-<gateway>-Authorization/],
    ...['${CANARY_KEY}', '${CANARY_KEY:-x}', '$CANARY_KEY', '{env:CANARY_KEY}', '${{ secrets.CANARY_KEY }}']
      .concat(['${env:CANARY_KEY}', '%CANARY_KEY%'])
      .map((value): [string, string, RegExp] => [
        'unexpanded_variable',
        `Bearer ${value}`,
        /variable.*did not replace/,
      ]),
  ];

  it.each<[what: string, trusted: string, forwarded: string | undefined, address: string]>([
    ['its connection comes from', '', undefined, '127.0.0.1'],
    ['its connection comes from, whatever a stranger says', '', '203.0.113.9', '127.0.0.1'],
    ['its connection comes from, if another proxy is trusted', '10.0.0.0/8', '203.0.113.9', '127.0.0.1'],
    ['a trusted proxy says', '127.0.0.0/8', '203.0.113.9', '203.0.113.9'],
    ['the last trusted hop says', '127.0.0.1, 10.0.0.0/8, fd00::/8', '1.1.1.1, 2001:db8::9, 10.0.0.7', '2001:db8::9'],
    ['the last hop is, if that says garbage', '127.0.0.1,10.0.0.0/8', '203.0.113.9, CANARY, 10.0.0.7', '10.0.0.7'],
  ])('are in the log, by the address that %s', async (_, trusted, forwarded, address) => {
    verifies('http.trusted-proxies');
    const lines: string[] = [];
    const output = { write: (line: string) => void lines.push(line) };
    const env = { LETHE_LOG_LEVEL: 'info', LETHE_TRUSTED_PROXIES: trusted };
    const replica = keep(await proxies.start(env, proxies.broker, {}, output));
    const url = `${replica.url}/servers/keys/mcp`;
    const headers = { ...(forwarded !== undefined && { 'x-forwarded-for': forwarded }) };
    const ping = (authorization: string) => legacy(url, 'ping', {}, { ...headers, authorization });
    await eventually(async () => expect((await ping(`Bearer ${good}`)).status).toBe(200));
    await eventually(async () => expect(whyOf(await ping(`Bearer ${keys.expired}`))).toBe('key_expired'));
    lines.length = 0;
    for (let n = 0; n < 15; n++) expect((await ping('Bearer CANARY')).status).toBe(401);
    const logged = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const refused = logged.filter(({ msg }) => msg === 'Caller refused');
    // At most 10 in a second; the requests may have taken two.
    expect(refused.length).toBeGreaterThanOrEqual(1);
    expect(refused.every((line) => line['address'] === address && line['reason'] === 'not_a_key')).toBe(true);
    expect(lines.join()).not.toContain('CANARY');
    const metrics = await (await fetch(`${replica.url}/metrics`)).text();
    expect(metrics).toContain('lethe_proxy_callers_refused_total{why="not_a_key"} 15');
  });

  it('read which mistake was made with the Authorization header, and nothing of its value', async () => {
    verifies('callers.refusal-says-why');
    const told = new Map<string, string>();
    for (const [why, authorization, says] of mistakes()) {
      for (const ask of [legacy, modern]) {
        const { status, body, headers, text } = await ping('keys', authorization, ask);
        const { message, data } = body.error;
        expect([status, data['reason'], data['why']]).toEqual([401, 'caller_unknown', why]);
        expect(message).toMatch(says);
        expect(message).toMatch(DESCRIPTION);
        expect(message).not.toMatch(STATUS);
        expect(message).toMatch(/Authorization header/);
        const challenge = WITHOUT_TOKEN.includes(why) ? 'hint=' : 'error="invalid_token", error_description=';
        expect(headers.get('www-authenticate')).toBe(`Bearer realm="lethe", ${challenge}"${message}"`);
        const secrets = [good, ...Object.values(keys)].map((key) => key.slice(-20, -1));
        for (const secret of ['CANARY', 'ghp_', 'secret-name', ...secrets]) {
          expect(text + [...headers].join()).not.toContain(secret);
        }
        told.set(why, message);
      }
    }
    const { body } = await ping('keys', `Bearer ${keys.ofOther}`);
    expect(body.error).toMatchObject({
      message: expect.stringMatching(/not for this virtual server/),
      data: { why: 'key_of_another_server' },
    });
    expect(new Set(told.values()).size).toBe(told.size);
    expect((await ping('keys', 'Bearer ${LETHE_KEY}')).body.error.message).toContain('written as ${NAME}');
    expect((await ping('keys', `bearer ${good}`)).status).toBe(200);
  });

  it('do not find out which virtual servers exist', async () => {
    verifies('callers.servers-hidden');
    for (const [, authorization] of mistakes()) {
      for (const method of ['POST', 'GET', 'DELETE', 'PUT', 'OPTIONS']) {
        const [known, unknown] = await Promise.all(
          ['keys', 'none'].map(async (slug) => {
            const headers = {
              ...{ 'content-type': 'application/json', ...fromSomewhere() },
              ...(authorization && { authorization }),
            };
            const response = await fetch(endpoint(slug), { method, headers });
            const { date: _now, ...rest } = Object.fromEntries(response.headers);
            return { status: response.status, rest, text: await response.text() };
          }),
        );
        expect(unknown).toEqual(known);
      }
    }
    const documents = ['keys', 'none'].map((slug) => `/.well-known/oauth-protected-resource/servers/${slug}/mcp`);
    const [known, unknown] = await Promise.all(
      documents.map(async (path) => {
        const response = await fetch(proxies.url + path);
        return [response.status, await response.text()];
      }),
    );
    expect(unknown).toEqual(known);
  });

  it('are told that there is no such virtual server when they have a key for another one', async () => {
    verifies('callers.servers-hidden');
    for (const key of [good, keys.ofOther]) {
      const { status, body } = await ping('none', `Bearer ${key}`);
      expect([status, body.error.data['reason']]).toEqual([404, 'server_unknown']);
    }
  });

  it('learn that a gateway before Lethe overwrote the key, and which header it lets pass', async () => {
    verifies('callers.refusal-says-why');
    const long = 'x-upstream-secret-name-authorization';
    const { url } = keep(await startRelay(endpoint('keys'), renamesTheShortForm(good, [long])));
    const token = 'Bearer token-of-the-upstream';
    const call = (header: string) => legacy(url, 'tools/call', { name: 'echo' }, { [header]: token });
    const short = await call('x-upstream-authorization');
    expect(short).toMatchObject({ status: 401, body: { error: { data: { why: 'not_a_key' } } } });
    const says = /not a caller key of Lethe.*a gateway in front of Lethe.*overwrites/;
    expect(short.body.error.message).toMatch(says);
    expect(short.body.error.message).toContain('X-Upstream-<gateway>-Authorization');
    expect(short.headers.get('www-authenticate')).toMatch(says);
    expect(upstream.received).toEqual([]);
    expect((await call(long)).body.result).toEqual({ content: [] });
    expect(upstream.received.at(-1)?.headers.authorization).toBe(token);
  });

  it('of an upstream learn at once that a variable in its header was not replaced', async () => {
    verifies('passthrough.unexpanded');
    const own = { authorization: `Bearer ${good}` };
    const before = upstream.received.length;
    for (const value of ['Bearer ${CANARY}', '${CANARY:-x}', 'Bearer {env:CANARY}', 'Bearer ${{ secrets.CANARY }}']) {
      for (const header of ['x-upstream-authorization', 'x-upstream-secret-name-authorization']) {
        const { body, text } = await legacy(
          endpoint('keys'),
          'tools/call',
          { name: 'echo' },
          { ...own, [header]: value },
        );
        expect(body.error.data).toMatchObject({
          reason: 'credential_malformed',
          gateway: 'secret-name',
          header: 'X-Upstream-secret-name-Authorization',
          rule: 'unexpanded_variable',
        });
        expect(body.error.message).toMatch(/^The header X-Upstream-secret-name-Authorization.* did not replace: set/);
        expect(text).not.toContain('CANARY');
      }
    }
    const empty = { ...own, 'x-upstream-authorization': '' };
    const { body } = await legacy(endpoint('keys'), 'tools/call', { name: 'echo' }, empty);
    expect(body.error).toMatchObject({ message: expect.stringMatching(/is empty/), data: { rule: 'empty' } });
    expect(upstream.received).toHaveLength(before);
    const secret = 'Bearer a${b}c';
    await legacy(endpoint('keys'), 'tools/call', { name: 'echo' }, { ...own, 'x-upstream-authorization': secret });
    expect(upstream.received.at(-1)?.headers.authorization).toBe(secret);
  });

  it('of one address wait twice as long after each guess; a right key from there passes at once', async () => {
    verifies('callers.guesses-wait');
    const wrong = (n: number) => `Bearer lethe_key_${KEY_ID}_${'a'.repeat(20)}${n}`;
    const here = { 'x-forwarded-for': '203.0.113.50' };
    const send = (authorization: string, slug = 'keys') =>
      legacy(endpoint(slug), 'ping', {}, { ...here, authorization });
    for (let n = 0; n < 10; n += 1) expect((await send(wrong(n))).status).toBe(401);
    // Of mistakes that are no guesses there may be any number.
    for (let n = 0; n < 12; n += 1) expect((await send('Bearer ghp_0123456789abcdefghij')).status).toBe(401);
    for (const slug of ['keys', 'none']) {
      const { status, body, headers } = await send(wrong(10), slug);
      expect([status, headers.get('retry-after')]).toEqual([429, '1']);
      expect(body.error.data).toMatchObject({ reason: 'rate_limited', limit: 'refused', why: 'key_unknown' });
      expect(body.error.message).toMatch(/not known here.*try again in 1 s; a right key passes at once$/);
      expect(body.error.message).not.toMatch(STATUS);
    }
    const upstreams = (authorization: string) =>
      fetch(`${proxies.url}/servers/keys/upstreams`, { headers: { ...here, authorization } });
    const refused = await upstreams(wrong(11));
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await refused.json()).toMatchObject({
      code: 'rate_limited',
      detail: expect.stringMatching(/not known here/),
    });
    for (let n = 0; n < 3; n += 1) expect((await send(`Bearer ${good}`)).status).toBe(200);
    expect((await upstreams(`Bearer ${good}`)).status).toBe(200);
    // What a holder of the whole key did wrong is no guess.
    expect(whyOf(await send(`Bearer ${keys.expired}`))).toBe('key_expired');
    await eventually(async () => expect((await send(wrong(12))).headers.get('retry-after')).toBe('2'), 10_000);
    expect((await ping('keys', wrong(13))).status).toBe(401);
  });

  it('are in log and metrics, each of them, and so are unknown virtual servers', async () => {
    verifies('callers.refused-are-counted');
    const lines: string[] = [];
    const output = { write: (line: string) => void lines.push(line) };
    const replica = await proxies.start({ LETHE_LOG_LEVEL: 'info' }, proxies.broker, {}, output);
    const send = (slug: string, authorization: string) =>
      legacy(`${replica.url}/servers/${slug}/mcp`, 'ping', {}, { 'x-forwarded-for': '203.0.113.7', authorization });
    await eventually(async () => expect((await send('keys', `Bearer ${good}`)).status).toBe(200));
    for (let n = 0; n < 5; n += 1) expect((await send('none', `Bearer ${good}`)).status).toBe(404);
    for (let n = 0; n < 7; n += 1) expect((await send('keys', 'Bearer CANARY')).status).toBe(401);
    const metrics = await (await fetch(`${replica.url}/metrics`)).text();
    expect(metrics).toContain('lethe_proxy_callers_refused_total{why="server_unknown"} 5');
    expect(metrics).toContain('lethe_proxy_callers_refused_total{why="not_a_key"} 7');
    await replica.close();
    const logged = lines
      .map((line): Record<string, unknown> => JSON.parse(line))
      .filter(({ msg }) => String(msg).startsWith('Caller'));
    const told = (reason: string) =>
      logged
        .filter((line) => line['reason'] === reason && line['address'] === '203.0.113.7')
        .map(({ count = 1 }) => count);
    expect([told('server_unknown'), told('not_a_key')]).toEqual([
      [1, 4],
      [1, 6],
    ]);
    expect(lines.join()).not.toContain('CANARY');
  });
});
