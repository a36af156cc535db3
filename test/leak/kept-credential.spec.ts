import { randomBytes } from 'node:crypto';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Credential } from '@lethe/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { type AuthorizationServer, startAuthorizationServer } from '../support/authorization-server.js';
import { eventually } from '../support/eventually.js';
import { copiesInFiles, copiesInMemory, encodingsOf, needleFor } from '../support/memory-scan.js';
import { lookedInto, reachableHeap } from '../support/leak/reachable-heap.js';
import { everythingTold } from '../support/leak/everything-told.js';
import { canLook, flushedDataDirectory, postgresLog, searchServices } from '../support/leak/search-services.js';
import { onPath } from '../support/services/cache.js';
import { makeHome, removeHome, ROOT } from '../support/processes.js';
import { legacy } from '../support/proxy/rpc.js';
import { EventReader } from '../support/registry/event-reader.js';
import { type Separate, startSeparate } from '../support/separate.js';
import { type OtlpReceiver, startOtlpReceiver, tracedBy } from '../support/traces/otlp-receiver.js';
import {
  legacyScript,
  type ScriptedExchange,
  startScriptedUpstream,
  type Upstream,
} from '../support/upstreams/index.js';

const secretOf = (special: string): string =>
  [randomBytes(12), randomBytes(12)].map((bytes) => bytes.toString('base64url')).join(special);

interface Kind {
  secret: string;
  /** Of `lethe keep`. */
  flags: string[];
  credential: Credential;
}

const SCHEME = 'oauth_client_credentials';
const kindsFor = ([token = '', password = '', value = '', parameter = '', clientSecret = '']: readonly string[], tokenUrl: string): Record<string, Kind> => ({
  bearer: { secret: token, flags: ['--bearer'], credential: { scheme: 'bearer', token } },
  basic: { secret: password, flags: ['--basic', 'robot'], credential: { scheme: 'basic', username: 'robot', password } },
  headers: { secret: value, flags: ['--header', 'X-Api-Key'], credential: { scheme: 'headers', headers: [{ name: 'X-Api-Key', value }] } },
  query: { secret: parameter, flags: ['--query', 'key'], credential: { scheme: 'query', parameters: [{ name: 'key', value: parameter }] } },
  oauth: { secret: clientSecret, flags: ['--oauth-client-id', 'robot', '--token-url', tokenUrl], credential: { scheme: SCHEME, clientId: 'robot', tokenUrl, clientSecret } },
}); // prettier-ignore

/** What an upstream can see of a credential, in the spellings that it comes in and as people would log it. */
function seenIn({ request: { headers, url = '' } }: ScriptedExchange): string {
  const { authorization = '' } = headers;
  const decoded = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString();
  const key = new URL(url, 'http://upstream').searchParams.get('key');
  return [authorization, decoded, headers['x-api-key'], url, key].join(' ');
}

/** How an upstream repeats what it has seen. */
const REPEATS: Record<string, (seen: string, exchange: ScriptedExchange) => void> = {
  'a tool error': (text, { reply }) => reply({ isError: true, content: [{ type: 'text', text }] }),
  'a result': (text, { reply }) => reply({ content: [{ type: 'text', text }], structuredContent: { headers: text } }),
  'a JSON-RPC error': (message, { replyError }) => replyError(200, { code: -32000, message, data: { seen: message } }),
  'an HTTP error with one': (message, { replyError }) => replyError(500, { code: -32000, message }),
  'an HTTP error': (text, { response }) => response.writeHead(502, { 'x-seen': encodeURIComponent(text) }).end(text),
  'a rejection': (text, { response }) =>
    response.writeHead(401, { 'www-authenticate': `Bearer realm="${encodeURIComponent(text)}"` }).end(text),
  'events in pieces': (text, { response, message: { id } }) => {
    const data = `data: ${JSON.stringify({ jsonrpc: '2.0', id, result: { content: [{ type: 'text', text }] } })}\n\n`;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const piece of data.match(/.{1,7}/gs) ?? []) response.write(piece);
    response.end();
  },
};
const WAYS = Object.keys(REPEATS);

describe.runIf(canLook)('credentials of each kind that are kept', { timeout: 180_000 }, () => {
  const secrets = ['/+', ':"\\', ' "%', '&"%', '-'].map(secretOf);
  let authorization: AuthorizationServer;
  let kinds: Record<string, Kind>;
  let work: string;
  let lethe: Separate;
  let upstream: Upstream;
  let traces: OtlpReceiver;
  let key: string;
  let events: EventReader;

  /** The secrets, and the access tokens that one of them was exchanged for. */
  const needle = () => needleFor(...secrets, ...authorization.issued);

  const call = (url: string, slug: string, text = '') =>
    legacy(`${url}/servers/${slug}/mcp`, 'tools/call', { name: 'echo', arguments: { text } }, { authorization: `Bearer ${key}` }); // prettier-ignore

  /** As a person does it, in a process of its own. */
  const command = (argv: string[], input = ''): string => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'dist/apps/cli/src/main.js'), ...argv], {
      ...{ input, cwd: join(work, 'person'), encoding: 'utf8' },
      env: { HOME: join(work, 'person'), LETHE_URL: lethe.registryUrl, LETHE_TOKEN: lethe.admin.token },
    });
    if (status !== 0) throw new Error(`lethe ${argv.join(' ')}: ${stderr}`);
    return stdout + stderr;
  };

  const say = (name: string, text: string): void => writeFileSync(join(work, 'said', name), text);

  beforeAll(async () => {
    work = await makeHome();
    for (const folder of ['person', 'said', 'heap']) mkdirSync(join(work, folder));
    traces = await startOtlpReceiver();
    const method = { token_endpoint_auth_method: 'client_secret_basic' };
    authorization = await startAuthorizationServer([
      { client_id: 'robot', client_secret: secrets.at(-1) ?? '', ...method },
    ]);
    kinds = kindsFor(secrets, authorization.tokenUrl);
    const env = {
      LETHE_KEPT_CREDENTIALS: 'on',
      LETHE_LOG_LEVEL: 'trace',
      ...tracedBy(traces),
      ...lookedInto(join(work, 'heap')),
    };
    lethe = await startSeparate({ env, natsTrace: true, logsStatements: true });
    events = await EventReader.open(lethe.registryUrl, lethe.admin.token);
    upstream = await startScriptedUpstream(
      legacyScript({
        results: { 'tools/list': { tools: [{ name: 'echo', inputSchema: { type: 'object' } }] } },
        answers: {
          'tools/call': (exchange) => {
            const how = String(Object(exchange.message.params?.['arguments']).text);
            const seen = seenIn(exchange);
            const repeat = REPEATS[how];
            if (repeat) repeat(seen, exchange);
            else if ([...secrets, ...authorization.issued].some((secret) => seen.includes(secret)))
              exchange.reply({ content: [{ type: 'text', text: 'done' }] });
            else exchange.response.writeHead(401).end();
          },
        },
      }),
    );
    for (const [slug, { secret, flags, credential }] of Object.entries(kinds)) {
      const { id } = await lethe.admin.createGateway({ name: slug, slug, url: `${upstream.url}/${slug}` });
      expect((await lethe.admin.verify(id, credential)).state).toBe('verified');
      say(`keep-${slug}`, command(['keep', slug, ...flags, '--credential-stdin', '--json'], `${secret}\n`));
      await lethe.admin.ask('POST', '/servers', {
        ...{ name: slug, slug, access: 'key', eras: 'both', include: [{ gateway: slug }], limits: {} },
        ...{ grants: [{ role: 'eng', gateways: [slug] }], credentials: [{ gateway: slug, use: 'kept' }] },
      });
    }
    const made = { name: 'k', servers: '*', roles: ['eng'] };
    key = (await lethe.admin.ask<{ key: string }>('POST', '/keys', made)).key;
    for (const url of lethe.proxyUrls)
      for (const slug of Object.keys(kinds))
        await eventually(async () => expect((await call(url, slug)).text).toContain('done'));
  }, 180_000);

  afterAll(async () => {
    events?.close();
    await upstream?.close();
    await lethe?.stop();
    await Promise.all([traces?.close(), authorization?.close()]);
    if (work) await removeHome(work);
  });

  const expectNowhere = async (): Promise<void> => {
    const { found, processes, database } = await searchServices(lethe, needle(), {
      ...{ without: lethe.proxies, files: [join(work, 'person'), join(work, 'said')] },
    });
    expect(found).toEqual([]);
    expect([processes > 6, database > 4]).toEqual([true, true]);
  };

  it('are found in each encoding', () => {
    for (const secret of secrets) {
      for (const text of [secret, ...encodingsOf(secret)])
        for (const encoding of ['utf8', 'utf16le'] as const) {
          writeFileSync(join(work, 'control'), `{"a":"${text}"}`, encoding);
          expect(copiesInFiles(join(work, 'control'), needleFor(secret)), text).toBeGreaterThan(0);
          expect(copiesInFiles(join(work, 'control'), needleFor(secretOf(' '))), text).toBe(0);
        }
    }
  });

  it('are in the memory of proxies, and in no other process, file, log, trace, dump, export or answer', async () => {
    verifies('kept.ciphertext-only');
    // One token of the verification, and one of each proxy.
    expect(authorization.issued.length).toBeGreaterThanOrEqual(3);
    for (const { pid } of lethe.proxies)
      for (const secret of secrets) expect(copiesInMemory(pid, needleFor(secret))).toBeGreaterThan(0);
    for (const [name, text] of await everythingTold(lethe, Object.keys(kinds))) say(name, text);
    say('traces', traces.requests.map(({ body, headers }) => body + JSON.stringify(headers)).join('\n'));
    const dump = ['--format=plain', '--file', join(work, 'said/dump'), lethe.databaseUrl];
    if (onPath('pg_dump')) expect(spawnSync('pg_dump', dump).status).toBe(0);
    say('events', events.text);
    for (const argv of [['export'], ['audit', '--json'], ['doctor']]) say(argv.join(), command(argv));
    await expectNowhere();
    // What was searched has what it should have, beside the secrets.
    const log = readFileSync(postgresLog(await flushedDataDirectory(lethe.databaseUrl)), 'utf8');
    expect(log).toMatch(/'ey[\w-]+\.\.[\w-]+\.[\w-]{40,}\.[\w-]+'/);
    expect([traces.spans.length > 10, events.types.includes('gateway.credential_kept')]).toEqual([true, true]);
  });

  it.each(WAYS)('are not told to a caller if the upstream repeats them in %s', async (way) => {
    verifies('kept.not-repeated');
    const [url = ''] = lethe.proxyUrls;
    for (const slug of Object.keys(kinds)) {
      const { text, headers, status } = await call(url, slug, way);
      expect(text.length + status).toBeGreaterThan(200);
      writeFileSync(join(work, 'answer'), text + JSON.stringify([...headers]));
      expect(copiesInFiles(join(work, 'answer'), needle()), `${way} ${slug}: ${text}`).toBe(0);
    }
  });

  it('show in no debugger or core dump, and can not be reached in a proxy any more once they are forgotten', async () => {
    verifies('kept.forgotten');
    verifies('kept.memory-guarded');
    for (const { pid } of [lethe.connector, ...lethe.proxies])
      expect(readFileSync(`/proc/${pid}/coredump_filter`, 'utf8').trim()).toBe('00000000');
    const [proxy] = lethe.proxies;
    if (!proxy) throw new Error('there is a proxy');
    const heap = () => reachableHeap(proxy, join(work, 'heap'));
    proxy.signal('SIGUSR1');
    const before = await heap();
    for (const secret of secrets) expect(copiesInFiles(before, needleFor(secret))).toBeGreaterThan(0);
    expect(await proxy.log()).not.toContain('Debugger');
    for (const slug of Object.keys(kinds)) command(['forget', slug, '--yes']);
    for (const url of lethe.proxyUrls)
      for (const slug of Object.keys(kinds))
        await eventually(async () => expect((await call(url, slug)).text).not.toContain('done'));
    expect(copiesInFiles(await heap(), needle())).toBe(0);
    const env = { NATS_URL: lethe.natsUrlOf('operator') };
    say(
      'forgotten',
      execFileSync(process.execPath, [join(ROOT, 'deploy/backup/forget-published.mjs')], { env, encoding: 'utf8' }),
    );
    await expectNowhere();
  });
});
