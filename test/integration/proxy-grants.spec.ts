import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { BUCKETS, type CatalogueItem, type Grant } from '@lethe/contracts';
import { beforeAll, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { startIssuer } from '../support/issuer.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { listen, openStream } from '../support/proxy/event-stream.js';
import { type Answer, begin, legacy, modern, postRequest } from '../support/proxy/rpc.js';
import { type GatewayDraft, resource, tool } from '../support/published-routes.js';
import { legacyScript, type ScriptedExchange, type Upstream } from '../support/upstreams/index.js';

const CHANGING = { listChanged: true };
const CAPABILITIES = {
  tools: CHANGING,
  prompts: CHANGING,
  resources: { ...CHANGING, subscribe: true },
  completions: {},
};
const reads = (name: string): CatalogueItem => {
  const { definition, ...rest } = tool(name);
  return { ...rest, definition: { ...definition, annotations: { readOnlyHint: true } } };
};
const prompt = (name: string): CatalogueItem => ({ kind: 'prompt', own: name, definition: { name } });
const template = (uriTemplate: string): CatalogueItem => ({
  kind: 'resourceTemplate',
  own: uriTemplate,
  definition: { uriTemplate, name: uriTemplate },
});

const GRANTS: Grant[] = [
  { role: 'admin' },
  { role: 'reader', gateways: ['work'], kinds: ['tool'], readOnly: true },
  { role: 'reader', gateways: ['work'], kinds: ['prompt', 'resource', 'resourceTemplate'], names: ['open*'] },
];
/** A role is gone on every replica after so long. */
const GONE_WITHIN_MS = 2_000;

describeProxies('grants, through two proxies', 2, ({ proxies, keep, publish, startUpstream }) => {
  let work: Upstream;
  let vault: Upstream;
  let gateways: GatewayDraft[];
  /** The open GET streams of `work`. */
  const opened: ServerResponse[] = [];

  beforeAll(async () => {
    const stream = ({ response }: ScriptedExchange): void => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      opened.push(response);
    };
    const results = {
      ...{ 'tools/call': { content: [] }, 'resources/read': { contents: [] }, 'prompts/get': { messages: [] } },
      ...{ 'completion/complete': { completion: { values: ['x'] } }, 'resources/subscribe': {} },
    };
    const script = (sessionId: string) =>
      legacyScript({ sessionId, capabilities: CAPABILITIES, results, answers: { GET: stream } });
    work = await startUpstream(script('w'));
    vault = await startUpstream(legacyScript({ sessionId: 'v', capabilities: CAPABILITIES, results }));
    const facts = { sessionful: true, capabilities: CAPABILITIES, instructions: 'How to work' };
    gateways = [
      {
        ...{ slug: 'work', url: work.url, facts, trustHints: true },
        items: [
          ...[reads('read_issue'), tool('delete_repo'), prompt('open_prompt'), prompt('shut_prompt')],
          ...[resource('open://a'), resource('shut://a'), template('open://{x}'), template('shut://{x}')],
        ],
      },
      // Its hints are not trusted.
      { slug: 'vault', url: vault.url, facts: { ...facts, instructions: 'The vault' }, items: [reads('pay')] },
    ];
    await publish({ slug: 'granted', access: 'key', eras: 'both', gateways, grants: GRANTS });
  });

  const urls = (): string[] => [proxies.url, ...proxies.replicas.map(({ url }) => url)].map(at);
  const at = (url: string): string => `${url}/servers/granted/mcp`;
  const asked = (): number => work.received.length + vault.received.length;

  /** A key with these roles, which every replica accepts; and the way to change its roles. */
  async function keyWith(roles: string[], more: object = {}) {
    const own = { keyId: randomUUID(), secret: randomUUID() };
    const key = await proxies.routes.key('*', { ...own, roles, ...more });
    const headers = { authorization: `Bearer ${key}` };
    await eventually(async () => {
      for (const url of urls()) expect((await legacy(url, 'ping', {}, headers)).status).toBe(200);
    });
    return { headers, change: (change: object) => proxies.routes.key('*', { ...own, roles, ...change }) };
  }

  /** An answer without what differs between any two answers. */
  const bytesOf = ({ status, headers, text }: Answer, name: string): object => ({
    status,
    headers: [...headers].filter(([header]) => !['date', 'content-length'].includes(header)),
    text: text.replaceAll(name, '<name>'),
  });

  it('answer about what is denied as about what does not exist, byte for byte, in both eras', async () => {
    verifies('grants.denied-is-unknown');
    const { headers } = await keyWith(['reader']);
    const session = await begin(urls()[0] ?? '', headers);
    const before = asked();
    const name = (kind: string, value: string): object => ({ [kind]: value });
    const cases: [method: string, params: (value: string) => object, denied: string[], unknown: string][] = [
      ['tools/call', (value) => ({ ...name('name', value), arguments: {} }), ['delete_repo', 'pay'], 'nothing_such'],
      ['prompts/get', (value) => name('name', value), ['shut_prompt'], 'nothing_such'],
      ['resources/read', (value) => name('uri', value), ['shut://a', 'shut://b', 'shut://{x}'], 'none://a'],
      ['resources/subscribe', (value) => name('uri', value), ['shut://a', 'shut://b'], 'none://a'],
      ['completion/complete', (value) => completion('ref/prompt', { name: value }), ['shut_prompt'], 'nothing_such'],
      ['completion/complete', (value) => completion('ref/resource', { uri: value }), ['shut://{x}'], 'none://{x}'],
    ];
    for (const [method, params, denied, unknown] of cases) {
      for (const value of denied) {
        const ask = (each: string) => legacy(urls()[0] ?? '', method, params(each), session);
        expect(bytesOf(await ask(value), value)).toEqual(bytesOf(await ask(unknown), unknown));
        if (method === 'resources/subscribe') continue;
        const askModern = (each: string) => modern(urls()[0] ?? '', method, { ...params(each) }, headers);
        expect(bytesOf(await askModern(value), value)).toEqual(bytesOf(await askModern(unknown), unknown));
      }
    }
    expect(asked()).toBe(before);
    const allowed = await legacy(urls()[0] ?? '', 'tools/call', { name: 'read_issue', arguments: {} }, session);
    expect(allowed.body.result).toEqual({ content: [] });
    const read = await legacy(urls()[0] ?? '', 'resources/read', { uri: 'open://anything' }, session);
    expect(read.body.result).toEqual({ contents: [] });
  });

  const completion = (type: string, ref: object): object => ({
    ref: { type, ...ref },
    argument: { name: 'x', value: '' },
  });

  it('name nothing that is denied, in any list, in instructions or capabilities', async () => {
    verifies('grants.denied-is-unknown');
    const { headers } = await keyWith(['reader']);
    const [url = ''] = urls();
    const toVault = vault.received.length;
    const start = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c', version: '1' } };
    const told = [
      await legacy(url, 'initialize', start, headers),
      await modern(url, 'server/discover', {}, headers),
      ...(await Promise.all(
        ['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list'].flatMap((method) => [
          legacy(url, method, {}, headers),
          modern(url, method, {}, headers),
        ]),
      )),
    ].map(({ text }) => text);
    expect(told.join()).toMatch(/read_issue[^]*open_prompt[^]*open:\/\/a[^]*open:\/\/\{x\}/);
    expect(told.join()).not.toMatch(/delete_repo|pay|shut|vault/);
    expect(told.join()).not.toContain('"public"');
    // Of several gateways, each would be named at the beginning of its instructions.
    expect(told[0]).toContain('"instructions":"How to work"');
    expect(vault.received).toHaveLength(toVault);
  });

  it('change for a caller on every replica within two seconds, and end its streams or silence them', async () => {
    verifies('grants.revoked-at-once');
    const { headers, change } = await keyWith(['admin']);
    const names = async (url: string) =>
      (await legacy(url, 'tools/list', {}, headers)).body.result.tools.map(({ name }) => name);
    for (const url of urls()) expect(await names(url)).toEqual(['read_issue', 'delete_repo', 'pay']);
    const streams = await Promise.all(
      proxies.replicas.map(async ({ url }) => keep(await listen(at(url), await begin(at(url), headers)))),
    );
    const subscribed = keep(
      await openStream(urls()[0] ?? '', {
        ...postRequest(
          {
            ...{ jsonrpc: '2.0', id: 9, method: 'subscriptions/listen' },
            params: {
              notifications: { resourceSubscriptions: ['shut://a'], toolsListChanged: true },
              _meta: {
                'io.modelcontextprotocol/protocolVersion': '2026-07-28',
                'io.modelcontextprotocol/clientCapabilities': {},
              },
            },
          },
          { ...headers, 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'subscriptions/listen' },
        ),
      }),
    );
    const changed = performance.now();
    await change({ roles: ['reader'] });
    await Promise.all([...streams, subscribed].map((each) => each.ended()));
    await eventually(async () => {
      for (const url of urls()) expect(await names(url)).toEqual(['read_issue']);
      const call = await legacy(urls()[0] ?? '', 'tools/call', { name: 'delete_repo', arguments: {} }, headers);
      expect(call.body.error.data['reason']).toBe('item_unknown');
    }, GONE_WITHIN_MS);
    expect(performance.now() - changed).toBeLessThan(GONE_WITHIN_MS);
  });

  it('end the streams of a key that is revoked within two seconds, on every replica', async () => {
    verifies('grants.revoked-at-once');
    const { headers, change } = await keyWith(['reader']);
    const streams = await Promise.all(
      proxies.replicas.map(async ({ url }) => keep(await listen(at(url), await begin(at(url), headers)))),
    );
    const changed = performance.now();
    await change({ revoked: true });
    await Promise.all(streams.map((stream) => stream.ended()));
    expect(performance.now() - changed).toBeLessThan(GONE_WITHIN_MS);
  });

  it('pass on no notification about what is denied', async () => {
    verifies('grants.denied-is-unknown');
    // No prompts at all, and one resource.
    const grants = [{ role: 'one', gateways: ['work'], names: ['open://a', 'read_issue'] }];
    const { path } = await publish({ slug: 'quiet', access: 'key', gateways, grants });
    const { headers } = await keyWith(['one']);
    const url = `${proxies.replicas[0]?.url}${path}`;
    const stream = keep(await listen(url, await begin(url, headers)));
    await eventually(() => expect(opened.at(-1)).toBeDefined());
    const say = (method: string, params?: object): void =>
      void opened.at(-1)?.write(`data: ${JSON.stringify({ jsonrpc: '2.0', method, ...(params && { params }) })}\n\n`);
    say('notifications/prompts/list_changed');
    say('notifications/resources/updated', { uri: 'shut://a' });
    say('notifications/resources/updated', { uri: 'open://b' });
    say('notifications/resources/updated', { uri: 'open://a' });
    expect((await stream.message()).body).toMatchObject({ params: { uri: 'open://a' } });
    say('notifications/tools/list_changed');
    expect((await stream.message()).body).toMatchObject({ method: 'notifications/tools/list_changed' });
  });

  it('let nobody resume a call that the caller may not make any more', async () => {
    verifies('grants.denied-is-unknown');
    const answers = {
      'tools/call': ({ response }: ScriptedExchange) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end('id: e-1\nretry: 20\ndata: \n\n');
      },
      GET: ({ response, request }: ScriptedExchange) => {
        const isResumed = request.headers['last-event-id'] !== undefined;
        response.writeHead(isResumed ? 200 : 405, { 'content-type': 'text/event-stream' });
        response.end(isResumed ? `id: e-2\ndata: ${JSON.stringify({ jsonrpc: '2.0', id: 1, result: {} })}\n\n` : '');
      },
    };
    const slow = await startUpstream(legacyScript({ sessionId: 's', answers }));
    const { path } = await publish({
      ...{ slug: 'resumed', access: 'key', grants: GRANTS },
      gateways: [
        {
          slug: 'work',
          url: slow.url,
          items: [tool('long'), reads('read_issue')],
          facts: { sessionful: true },
          trustHints: true,
        },
      ],
    });
    const { headers, change } = await keyWith(['admin']);
    const url = proxies.url + path;
    const session = await begin(url, headers);
    const eventIdOf = async (name: string): Promise<string> => {
      const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: {} } };
      const first = await keep(await openStream(url, postRequest(call, session))).next();
      return first?.id ?? '';
    };
    const [long, short] = [await eventIdOf('long'), await eventIdOf('read_issue')];
    const resume = async (id: string) => keep(await listen(url, { ...session, 'last-event-id': id })).message();
    expect((await resume(long)).body).toMatchObject({ result: {} });
    await change({ roles: ['reader'] });
    await eventually(async () => {
      expect((await resume(long)).body).toMatchObject({ id: 1, error: { data: { reason: 'item_unknown' } } });
    });
    expect((await resume(short)).body).toMatchObject({ result: {} });
  });

  it('take the roles of tokens from the claim that the virtual server names', async () => {
    const issuer = keep(await startIssuer());
    const access = {
      ...{ kind: 'jwt' as const, issuer: issuer.issuer, audience: 'https://lethe.example/granted' },
      ...{ jwksUri: issuer.jwksUri, algorithms: ['ES256'] },
    };
    const roles = { claim: 'resource_access.lethe.roles', map: { 'Platform Admins': 'admin' } };
    const { url } = await publish({ access: { ...access, roles }, gateways, grants: GRANTS });
    const names = async (claims: object) => {
      const token = await issuer.token(access.audience, { ...claims });
      const { body } = await legacy(url, 'tools/list', {}, { authorization: `Bearer ${token}` });
      return body.result.tools.map(({ name }) => name);
    };
    const held = (value: unknown) => ({ resource_access: { lethe: { roles: value } } });
    expect(await names(held(['Platform Admins']))).toEqual(['read_issue', 'delete_repo', 'pay']);
    expect(await names(held(['admin', 'reader']))).toEqual([]);
    expect(await names({})).toEqual([]);
  });

  it('believe no roles and no grants but those of the registry', async () => {
    verifies('grants.tampered-changes-nothing');
    const { headers, change } = await keyWith(['reader']);
    const tools = async () => (await legacy(urls()[0] ?? '', 'tools/list', {}, headers)).body.result?.tools?.length;
    expect(await tools()).toBe(1);
    // Who can write to the bus, but not sign: nothing changes.
    const published = proxies.broker.snapshots.get(BUCKETS.servers, 'granted') ?? '';
    const [head = '', payload = '', signature = ''] = published.split('.');
    const claims: object = JSON.parse(Buffer.from(payload, 'base64url').toString());
    for (const change of [{ grants: undefined }, { grants: [{ role: '*' }] }, { limits: {} }, { access: 'open' }]) {
      const changed = Buffer.from(JSON.stringify({ ...claims, revision: 999, ...change })).toString('base64url');
      proxies.routes.putManifest('granted', `${head}.${changed}.${signature}`);
    }
    const manifest = await proxies.routes.manifest({ slug: 'other', access: 'open', gateways });
    proxies.routes.putManifest('granted', await proxies.routes.sign(manifest));
    const jws = await proxies.trust
      .registrySigner()
      .sign('caller', JSON.parse('{"keyId":"x","revision":999}'), new Date());
    const keyId = headers.authorization.split('_')[2] ?? '';
    proxies.broker.snapshots.put(BUCKETS.callers, keyId, jws);
    expect(await tools()).toBe(1);
    // Who has the registry's signing key, but not that for authentication codes: the key is refused.
    await change({ roles: ['admin'], rolesMac: 'f'.repeat(64) });
    await eventually(async () =>
      expect((await legacy(urls()[0] ?? '', 'ping', {}, headers)).body.error.data['why']).toBe('key_unknown'),
    );
    await change({ roles: ['admin'], rolesMac: undefined });
    await eventually(async () =>
      expect((await legacy(urls()[0] ?? '', 'ping', {}, headers)).body.error.data['why']).toBe('key_unknown'),
    );
    await change({ roles: ['admin'] });
    await eventually(async () => expect(await tools()).toBe(3));
  });
});
