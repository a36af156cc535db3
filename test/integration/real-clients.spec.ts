import { beforeAll, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { BELIEVES_FORWARDED, fromSomewhere } from '../support/proxy/caller-addresses.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { MODERN_FACTS, tool } from '../support/published-routes.js';
import type { RecordedClient } from '../support/scripted-clients/recorded-client.js';
import { RECORDED_CLIENTS } from '../support/scripted-clients/recorded-clients.js';
import { ScriptedClient } from '../support/scripted-clients/scripted-client.js';
import { addInputRequiredTools, countingScript, startModernUpstream } from '../support/upstreams/index.js';

const TOKEN = { 'x-upstream-authorization': 'Bearer token-of-the-upstream' };
const WRONG_KEY = { authorization: 'Bearer lethe_key_0190c0de-0000-7000-8000-0000000000aa_aaaaaaaaaaaaaaaaaaaa' };
const SESSIONFUL = { sessionful: true };
const MAPPINGS = [{ header: 'Authorization', required: true }];
const TOOLS_250 = Array.from({ length: 250 }, (_, n) => tool(`tool-${n + 1}`));
const UNSUPPORTED = -32021;

const eraOf = ({ begins }: RecordedClient) => (begins === 'server/discover' ? 'modern' : 'legacy');
const isAskable = ({ capabilities }: RecordedClient) => 'elicitation' in capabilities;
const initializesOf = ({ triesOutAs }: RecordedClient) => (triesOutAs ? 2 : 1);
const textOf = async (call: ReturnType<ScriptedClient['call']>) => (await call).result?.content?.[0]?.text;
const ordered = (methods: readonly string[]) => methods.filter((method) => method !== 'GET').toSorted();

const FLEET = { count: 2, env: BELIEVES_FORWARDED };

describeProxies('clients that ask as real ones do', FLEET, ({ proxies, keep, startUpstream, publish, publishKey }) => {
  let own: Record<string, string>;

  beforeAll(async () => {
    const modern = keep(await startModernUpstream({ name: 'modern', extend: addInputRequiredTools }));
    const many = await startUpstream(({ reply }) => reply({}));
    const now = { slug: 'now', url: modern.url, items: [tool('echo'), tool('confirm')], facts: MODERN_FACTS };
    await publish({ slug: 'asking', access: 'key', shortForm: { authorization: 'now' }, gateways: [now] });
    await publish({ slug: 'many', access: 'key', gateways: [{ slug: 'many', url: many.url, items: TOOLS_250 }] });
    own = { authorization: `Bearer ${await publishKey('asking')}` };
  });

  const endpoint = (slug: string) => `${proxies.url}/servers/${slug}/mcp`;
  const clientOf = (
    recorded: RecordedClient,
    url: string,
    credentials: Record<string, string> = { ...own, ...TOKEN },
  ) => keep(new ScriptedClient(recorded, url, credentials, { sure: true }));

  /** A virtual server of an upstream that counts and asks in sessions. */
  async function counting() {
    const { script, got, sessions } = countingScript();
    const { url } = await startUpstream(script);
    const items = [tool('count'), tool('confirm')];
    const gateways = [{ slug: 'counting', url, items, facts: SESSIONFUL, mappings: MAPPINGS }];
    const published = await publish({ access: 'key', shortForm: { authorization: 'counting' }, gateways });
    return { got, sessions, url: published.url };
  }

  it.each(RECORDED_CLIENTS)('$name keeps the state of a session, and is asked in it', async (recorded) => {
    verifies('clients.as-recorded');
    verifies('eras.sessions-kept');
    verifies('call.cancelled-late');
    const { url, got } = await counting();
    const client = clientOf(recorded, url);
    expect(await client.connect()).toBe('legacy');
    expect(client.version).toBe(recorded.offers === '2026-07-28' ? '2025-11-25' : recorded.offers);
    if (recorded.begins === 'server/discover') {
      // With the id of the request, and not -32022: AI SDK and rmcp give up at that.
      const id = recorded.probeId ?? recorded.firstId;
      expect(client.discovered).toMatchObject({ status: 400, id, error: { code: -32601 } });
    }
    expect(await client.listTools()).toEqual(['count', 'confirm']);
    expect([await textOf(client.call('count')), await textOf(client.call('count'))]).toEqual(['1', '2']);
    expect(await textOf(client.call('confirm'))).toContain(isAskable(recorded) ? '"sure":true' : 'can not be asked');
    await client.close();
    const opened = Array.from({ length: initializesOf(recorded) }, () => ['initialize', 'notifications/initialized']);
    const calls = ['tools/call', 'tools/call', 'tools/call', ...(isAskable(recorded) ? ['POST'] : [])];
    const ended = recorded.deletes ? ['DELETE'] : [];
    // A `notifications/cancelled` would be one too many.
    await eventually(() => expect(ordered(got)).toEqual([...opened.flat(), ...calls, ...ended].toSorted()));
  });

  it.each(RECORDED_CLIENTS)('$name is told that its session is lost', async (recorded) => {
    verifies('clients.as-recorded');
    verifies('session.lost-is-told');
    const { url, sessions, got } = await counting();
    const client = clientOf(recorded, url);
    await client.connect();
    expect(await textOf(client.call('count'))).toBe('1');
    sessions.clear();
    const after = await client.call('count');
    if (recorded.onLostSession) {
      expect(after.result?.content).toEqual([{ type: 'text', text: '1' }]);
      expect(await textOf(client.call('count'))).toBe('2');
    } else {
      expect(after).toMatchObject({ status: 404, error: { data: { reason: 'session_unknown' } } });
      const next = clientOf(recorded, url);
      expect(await next.connect()).toBe('legacy');
      expect(await textOf(next.call('count'))).toBe('1');
    }
    await client.close();
    expect(got).not.toContain('notifications/cancelled');
  });

  it.each(RECORDED_CLIENTS)('$name stays in its era at a modern upstream, and is asked', async (recorded) => {
    verifies('clients.as-recorded');
    verifies('eras.input-required');
    const client = clientOf(recorded, endpoint('asking'));
    expect(await client.connect()).toBe(eraOf(recorded));
    expect(await client.listTools()).toEqual(['echo', 'confirm']);
    for (const said of ['a', 'b']) expect(await textOf(client.call('echo', { text: said }))).toBe(`modern: ${said}`);
    expect(client.sent.filter((each) => !/ 20[02]$/.test(each))).toEqual(recorded.looksFirst ? LOOKED : []);
    const confirmed = await client.call('confirm', { what: 'go' });
    if (isAskable(recorded)) expect(confirmed.result?.content?.[0]?.text).toBe('go: true, state of go');
    else expect(confirmed.error?.code).toBe(UNSUPPORTED);
    await client.close();
  });

  it.each(RECORDED_CLIENTS)('$name sees all of 250 tools', async (recorded) => {
    verifies('clients.as-recorded');
    verifies('lists.paged');
    const client = clientOf(recorded, endpoint('many'));
    expect(await client.connect()).toBe(eraOf(recorded));
    expect(await client.listTools()).toEqual(TOOLS_250.map(({ own: name }) => name));
    await client.close();
  });

  it.each(RECORDED_CLIENTS)('$name learns which header of an upstream is missing', async (recorded) => {
    verifies('clients.as-recorded');
    verifies('passthrough.missing-credential-is-named');
    const { url, got } = await counting();
    const client = clientOf(recorded, url, own);
    expect(await client.connect()).toBe('legacy');
    expect(await client.listTools()).toEqual(['count', 'confirm']);
    const data = { reason: 'credential_required', shortHeader: 'X-Upstream-Authorization' };
    const told = { isError: true, _meta: { 'lethe/error': data } };
    expect(await client.call('count')).toMatchObject({ status: 200, result: told });
    await client.close();
    expect(got).toEqual([]);
  });

  it.each(RECORDED_CLIENTS)('$name is turned away without a good key, and finds no sign-in', async (recorded) => {
    verifies('clients.as-recorded');
    for (const credentials of [TOKEN, { ...TOKEN, ...WRONG_KEY }]) {
      const client = clientOf(recorded, endpoint('asking'), { ...credentials, ...fromSomewhere() });
      expect(await client.connect()).toBeUndefined();
      const {
        looksFirst = [],
        initializesWhenUnauthorized,
        whenUnauthorized,
        withoutKey,
        triesStreamFirst,
        attempts = 1,
      } = recorded;
      const looks = 'authorization' in credentials ? whenUnauthorized : (withoutKey ?? whenUnauthorized);
      const begun = ['POST server/discover 401', ...(triesStreamFirst ? ['GET 401'] : []), 'POST initialize 401'];
      const all = recorded.begins === 'initialize' ? begun.slice(-1) : begun;
      const asked = all.length > 1 && !initializesWhenUnauthorized ? all.slice(0, 1) : all;
      const statuses: Record<string, number> = { 'GET {path}': 401, 'POST /register': 400 };
      const refused = (probe: string) => `${probe} ${statuses[probe] ?? 404}`;
      const attempt = [...looksFirst.map(refused), ...asked, ...looks.map(refused)];
      expect(client.sent).toEqual(Array.from({ length: attempts }, () => attempt).flat());
    }
  });
});

/** What mcp-remote 0.15.1 asks for first and does not get. */
const LOOKED = [
  'GET {path} 405',
  'GET /.well-known/oauth-protected-resource{path} 404',
  'GET /.well-known/oauth-protected-resource 404',
  'GET /.well-known/oauth-authorization-server{path} 404',
  'GET /.well-known/oauth-authorization-server 404',
  'GET /.well-known/openid-configuration{path} 404',
  'GET {path}/.well-known/openid-configuration 404',
  'GET {path} 405',
];
