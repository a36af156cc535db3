import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { type BridgeClient, startBridgeClient } from '../support/leak/bridge-client.js';
import { everythingTold } from '../support/leak/everything-told.js';
import { lookedInto, reachableHeap } from '../support/leak/reachable-heap.js';
import { canLook, searchServices } from '../support/leak/search-services.js';
import { Browser } from '../support/login/browser.js';
import { signIn } from '../support/login/describe-logins.js';
import { type Issuer, startIssuer } from '../support/login/issuer.js';
import { type ProtectedUpstream, startProtectedUpstream } from '../support/login/protected-upstream.js';
import { startLetheProcess } from '../support/login/started-lethe.js';
import { copiesInFiles, copiesInMemory, encodingsOf, needleFor } from '../support/memory-scan.js';
import { makeHome, removeHome, ROOT } from '../support/processes.js';
import { EventReader } from '../support/registry/event-reader.js';
import { type Separate, startSeparate } from '../support/separate.js';
import { type OtlpReceiver, startOtlpReceiver, tracedBy } from '../support/traces/otlp-receiver.js';

const SLUGS = ['tracker', 'wiki', 'chat'] as const;
/** The first one has the name alone, the others with their slug. */
const TOOLS = { tracker: 'echo', wiki: 'wiki-echo', chat: 'chat-echo' };
const random = (): string => randomBytes(32).toString('base64url');
const CLIENT_SECRET = random();
/** A client that somebody registered, with a secret. */
const REGISTERED = {
  ...{ client_id: 'team-app', client_secret: CLIENT_SECRET, application_type: 'native' },
  ...{ grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] },
  redirect_uris: ['http://127.0.0.1/callback'],
};

describe.runIf(canLook)('the logins of a person at three upstreams', { timeout: 180_000 }, () => {
  let work: string;
  let lethe: Separate;
  let issuers: Issuer[];
  let upstreams: ProtectedUpstream[];
  let traces: OtlpReceiver;
  let events: EventReader;
  let client: BridgeClient;
  let env: NodeJS.ProcessEnv;
  /** A virtual server with all three. */
  let url: string;
  /** URLs that the browser came to on this machine, with their codes. */
  const redirects: URL[] = [];
  const browser = new Browser((to) => {
    if (to.pathname === '/callback') redirects.push(to);
    return to;
  });
  /** While they are there, every request waits at its upstream, and every answer with tokens at its authorization server. */
  const held: { upstream?: Promise<void> | undefined; issuer?: Promise<void> | undefined } = {};
  const hold = (where: keyof typeof held): (() => void) => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    held[where] = promise;
    return () => {
      held[where] = undefined;
      resolve(undefined);
    };
  };

  const accessTokens = () => issuers.flatMap(({ issued }) => issued.access);
  /** Refresh tokens, codes, PKCE verifiers, and the secret of the client. */
  const secrets = () => [CLIENT_SECRET, ...issuers.flatMap(({ issued }) => issued.secret)];
  const recorded = (name = ''): string => join(work, 'said', `client${name}`);
  const say = (name: string, text: string): void => writeFileSync(join(work, 'said', name), text);

  /** As a person does it, in a process of its own. */
  async function logIn(slug: string, flags: string[], input: string): Promise<void> {
    const argv = [join(ROOT, 'dist/apps/cli/src/main.js'), 'login', url, slug, '--store', 'file', ...flags];
    const run = startLetheProcess(argv, env, join(work, 'person'));
    run.stdin.end(input);
    const { code, out, err } = await signIn(run, browser);
    expect(code, err).toBe(0);
    say(`login-${slug}`, out + err);
  }

  async function register(upstream: ProtectedUpstream, n: number): Promise<void> {
    const [slug = '', issuer] = [SLUGS[n], issuers[n]];
    if (!issuer) throw new Error('each upstream has an issuer');
    const administrators = random();
    const check: Issuer['check'] = async (token, resource) => {
      if (token === administrators) return 'tools';
      await held.upstream;
      return issuer.check(token, resource);
    };
    upstream.trusts = { issuer: { ...issuer, check } };
    const passthroughHeaders = [{ header: 'Authorization', scheme: 'bearer', required: true }];
    const { verification } = await lethe.admin.register({ name: slug, slug, url: upstream.url, passthroughHeaders }, administrators); // prettier-ignore
    expect(verification.state).toBe('verified');
  }

  beforeAll(async () => {
    work = await makeHome();
    for (const folder of ['person', 'said', 'heap']) mkdirSync(join(work, folder));
    traces = await startOtlpReceiver();
    const looked = { LETHE_LOG_LEVEL: 'trace', ...tracedBy(traces), ...lookedInto(join(work, 'heap')) };
    lethe = await startSeparate({ env: looked, natsTrace: true, logsStatements: true });
    events = await EventReader.open(lethe.registryUrl, lethe.admin.token);
    issuers = await Promise.all(
      SLUGS.map((slug) =>
        startIssuer({ clients: slug === 'tracker' ? [REGISTERED] : [], beforeTokenAnswer: async () => held.issuer }),
      ),
    );
    upstreams = await Promise.all(issuers.map((issuer, n) => startProtectedUpstream(SLUGS[n] ?? '', issuer)));
    await Promise.all(upstreams.map(register));
    await lethe.admin.ask('POST', '/servers', {
      ...{ name: 'Team', slug: 'team', access: 'key', eras: 'both' },
      include: SLUGS.map((gateway) => ({ gateway, kinds: ['tool'] })),
    });
    const key = await lethe.admin.callerKey();
    env = { PATH: process.env.PATH, HOME: join(work, 'person'), LETHE_HOME: join(work, 'person'), LETHE_KEY: key };
    url = `${lethe.proxyUrls[0]}/servers/team/mcp`;
    const upstreamsUrl = `${lethe.proxyUrls[0]}/servers/team/upstreams`;
    await eventually(async () =>
      expect((await fetch(upstreamsUrl, { headers: { authorization: `Bearer ${key}` } })).status).toBe(200),
    );
  }, 180_000);

  afterAll(async () => {
    events?.close();
    await client?.close();
    await Promise.all([...(upstreams ?? []), ...(issuers ?? [])].map((one) => one.close()));
    await lethe?.stop();
    await traces?.close();
    if (work) await removeHome(work);
  });

  it('are found in each encoding', () => {
    for (const text of [CLIENT_SECRET, ...encodingsOf(CLIENT_SECRET)])
      for (const encoding of ['utf8', 'utf16le'] as const) {
        writeFileSync(join(work, 'control'), `{"a":"${text}"}`, encoding);
        expect(copiesInFiles(join(work, 'control'), needleFor(CLIENT_SECRET)), text).toBeGreaterThan(0);
        expect(copiesInFiles(join(work, 'control'), needleFor(random())), text).toBe(0);
      }
  });

  it('give each upstream its own token, by one client that has none of them', async () => {
    verifies('bridge.own-tokens');
    const registered = [
      '--client-id',
      REGISTERED.client_id,
      '--issuer',
      issuers[0]?.issuer ?? '',
      '--credential-stdin',
    ];
    await logIn('tracker', registered, `${CLIENT_SECRET}\n`);
    await logIn('wiki', [], '');
    client = await startBridgeClient(url, env, recorded());
    const call = async (slug: keyof typeof TOOLS) => {
      client.call(TOOLS[slug]);
      return client.next();
    };
    const done = (slug: string) => ({ content: [{ type: 'text', text: `${slug}: hi` }] });
    expect(await call('tracker')).toMatchObject(done('tracker'));
    expect(await call('wiki')).toMatchObject(done('wiki'));
    // The third login is made by the client, which is given the page and nothing that is issued there.
    client.call(TOOLS.chat);
    const { asked } = await client.next();
    await browser.open(String(Object(asked).url));
    expect(await client.next()).toMatchObject(done('chat'));
    for (const issuer of issuers) await issuer.expire();
    for (const slug of SLUGS) expect(await call(slug)).toMatchObject(done(slug));
    expect(issuers.map(({ granted }) => granted.map(({ grant }) => grant))).toEqual(SLUGS.map(() => ['authorization_code', 'refresh_token'])); // prettier-ignore
    expect(redirects.map(({ hostname, searchParams }) => [hostname, searchParams.has('code')])).toEqual(SLUGS.map(() => ['127.0.0.1', true])); // prettier-ignore
    for (const [n, { received }] of upstreams.entries()) {
      const seen = join(work, 'control');
      writeFileSync(seen, received.map(({ path, headers }) => path + JSON.stringify(headers)).join('\n'));
      const own = issuers[n]?.issued.access ?? [];
      expect(own).toHaveLength(2);
      for (const token of own) expect(copiesInFiles(seen, needleFor(token))).toBeGreaterThan(0);
      const others = accessTokens().filter((token) => !own.includes(token));
      expect(copiesInFiles(seen, needleFor(...others, ...secrets(), env['LETHE_KEY'] ?? ''))).toBe(0);
    }
  });

  it('leave access tokens in the memory of proxies alone, and nothing else anywhere in Lethe or in the client', async () => {
    verifies('login.leaves-nothing');
    const [, issuer] = issuers;
    const [proxy, ...others] = [...lethe.proxies.slice(0, 1), lethe.registry, lethe.connector];
    if (!issuer || !proxy) throw new Error('they are there');
    const inMemory = (pid: number, text = '') => expect(copiesInMemory(pid, needleFor(text))).toBeGreaterThan(0);
    // What is searched has what it should have while that is in use: first the bridge, which is the refresher of the person.
    const [refreshToken, { length }] = [issuer.issued.secret.at(-1), issuer.granted];
    await issuer.expire();
    const answer = hold('issuer');
    client.call(TOOLS.wiki);
    await eventually(() => expect(issuer.granted).toHaveLength(length + 1));
    inMemory(client.bridgePid, refreshToken);
    const proceed = hold('upstream');
    answer();
    // Then the proxy, with the call that the bridge repeats.
    const accessToken = issuer.issued.access.at(-1) ?? '';
    await eventually(() => inMemory(proxy.pid, accessToken));
    inMemory(client.bridgePid, accessToken);
    const heapOf = (service: typeof proxy): Promise<string> => reachableHeap(service, join(work, 'heap'));
    const heap = await heapOf(proxy);
    proceed();
    expect(await client.next()).toMatchObject({ content: [{ text: 'wiki: hi' }] });
    expect(copiesInFiles(heap, needleFor(accessToken))).toBeGreaterThan(0);
    expect(copiesInFiles(heap, needleFor(...secrets()))).toBe(0);
    const all = needleFor(...accessTokens(), ...secrets());
    for (const other of await Promise.all(others.map(heapOf))) expect(copiesInFiles(other, all), other).toBe(0);
    for (const [name, text] of await everythingTold(lethe, [...SLUGS], ['team'])) say(name, text);
    say('events', events.text);
    say('traces', traces.requests.map(({ body, headers }) => body + JSON.stringify(headers)).join('\n'));
    const files = [join(work, 'said'), join(work, 'person')];
    const { found, processes, database } = await searchServices(lethe, all, { files, without: lethe.proxies });
    expect(found).toEqual([]);
    expect([processes > 6, database > 4]).toEqual([true, true]);
    for (const { pid } of lethe.proxies) expect(copiesInMemory(pid, needleFor(...secrets()))).toBe(0);
    expect(copiesInMemory(client.pid, all)).toBe(0);
  });

  it('were searched for where something is: recorded streams, logs, traces, and an encrypted file', () => {
    expect(readFileSync(recorded('.out'), 'utf8')).toContain('tracker: hi');
    expect(readFileSync(recorded('.in'), 'utf8')).toContain(TOOLS.wiki);
    expect(readFileSync(recorded('.out'), 'utf8')).toContain('code_challenge=');
    expect(readFileSync(join(work, 'person/.config/lethe/logins/tokens'), 'utf8')).toContain('lethe-logins/1');
    expect([traces.spans.length > 5, events.types.includes('gateway.verified')]).toEqual([true, true]);
    expect(readFileSync(lethe.proxies[0]?.logFile ?? '', 'utf8')).toContain('tools/call');
  });
});
