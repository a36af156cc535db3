import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { sealCredential } from '@lethe/sealing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ConnectorHarness, startConnectorHarness } from '../support/connector/connector-harness.js';
import { eventually } from '../support/eventually.js';
import { legacyScript, startScriptedUpstream, type Upstream } from '../support/upstreams/index.js';

const TOKEN = randomBytes(32).toString('base64url');
const BODY = JSON.stringify({ scheme: 'bearer', token: TOKEN });

let harness: ConnectorHarness;
let upstream: Upstream;
const sockets: Socket[] = [];
beforeAll(async () => {
  harness = await startConnectorHarness();
  upstream = await startScriptedUpstream(legacyScript({ results: { 'tools/list': { tools: [] } } }));
});
afterAll(async () => {
  await harness.close();
  await upstream.close();
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** Everything the door says to these bytes until it closes the connection. */
async function say(...pieces: string[]): Promise<{ status: number; text: string; body: Record<string, unknown> }> {
  const { hostname, port } = new URL(harness.connector.doorUrl ?? '');
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  for (const piece of pieces) await new Promise<void>((resolve) => socket.write(piece, () => resolve()));
  await closed;
  const final = text.slice(text.lastIndexOf('HTTP/1.1'));
  const body = final.split('\r\n\r\n')[1] ?? '';
  return { status: Number(final.split(' ')[1]), text, body: body === '' ? {} : JSON.parse(body) };
}

function put(doorUrl: string, changes: Record<string, string> = {}, body = BODY): string {
  const { host, pathname } = new URL(doorUrl);
  const headers = {
    Host: host,
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(body)),
    ...changes,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`PUT ${pathname} HTTP/1.1`, ...lines, '', body].join('\r\n');
}

async function reserve(): Promise<{
  vid: string;
  doorUrl: string;
  reserved: Awaited<ReturnType<typeof harness.registry.reserve>>;
}> {
  const reserved = await harness.registry.reserve(harness.registry.order(upstream.url));
  return { vid: reserved.vid, doorUrl: reserved.doorUrl ?? '', reserved };
}

const openSockets = (): number => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;

describe('the plaintext door', () => {
  it('takes a credential for a reserved slot, once, and the verification ends as it would have', async () => {
    const { vid, doorUrl, reserved } = await reserve();
    expect(await say(put(doorUrl))).toMatchObject({ status: 202, body: { id: vid, state: 'running' } });
    expect((await harness.registry.ending(vid)).receipt).toMatchObject({
      outcome: 'verified',
      slot: reserved.offer.slot,
    });
    expect(upstream.received.at(-1)?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(await say(put(doorUrl))).toMatchObject({ status: 404, body: { code: 'slot_gone' } });
    const sealed = await sealCredential(reserved.offer, { scheme: 'bearer', token: TOKEN });
    expect(await harness.registry.deliver(reserved, sealed)).toMatchObject({ status: 'slot_gone' });
    expect(harness.registry.endings(vid)).toHaveLength(1);
  });

  it('waits for a body that the client holds back until it is asked', async () => {
    const { vid, doorUrl } = await reserve();
    const [head = '', body = ''] = put(doorUrl, { Expect: '100-continue' }).split('\r\n\r\n');
    const { status, text } = await say(`${head}\r\n\r\n`, body);
    expect(text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
    expect(status).toBe(202);
    await harness.registry.ending(vid);
  });

  describe('refuses, echoes nothing, and the slot stays good:', () => {
    let vid: string;
    let doorUrl: string;
    beforeAll(async () => ({ vid, doorUrl } = await reserve()));
    afterAll(async () => {
      expect((await say(put(doorUrl))).status).toBe(202);
      await harness.registry.ending(vid);
    });

    it.each<[number, string, string, (doorUrl: string) => string]>([
      [400, 'bad_request', 'another protocol', () => 'hello\r\n\r\n'],
      [400, 'bad_request', 'HTTP/1.0', (url) => put(url).replace('HTTP/1.1', 'HTTP/1.0')],
      [400, 'bad_request', 'chunks', (url) => put(url, { 'Transfer-Encoding': 'chunked' })],
      [400, 'bad_request', 'a header twice', (url) => put(url).replace('\r\n', '\r\nhost: again\r\n')],
      [400, 'bad_request', 'more than was announced', (url) => put(url, { 'Content-Length': '5' })],
      [403, 'host_forbidden', 'another Host', (url) => put(url, { Host: 'evil.example' })],
      [403, 'origin_forbidden', 'a browser', (url) => put(url, { Origin: 'http://evil.example' })],
      [404, 'slot_gone', 'another slot', (url) => put(url.replace(/[0-9a-f]{8}$/, '00000000'))],
      [405, 'method_not_allowed', 'POST', (url) => put(url).replace('PUT', 'POST')],
      [405, 'method_not_allowed', 'another path', (url) => put(url.replace('/slots/', '/slot/'))],
      [411, 'length_required', 'no length', (url) => put(url).replace(/Content-Length: \d+\r\n/, '')],
      [413, 'payload_too_large', 'a long body', (url) => put(url, { 'Content-Length': '20000' })],
      [415, 'unsupported_media_type', 'no JSON', (url) => put(url, { 'Content-Type': 'text/plain' })],
      [422, 'credential_malformed', 'half a credential', (url) => put(url, {}, `{"scheme":"bearer","token":"${TOKEN}`)],
      [422, 'scheme_unsupported', 'another scheme', (url) => put(url, {}, '{"scheme":"digest"}')],
    ])('%i %s for %s', async (status, code, _what, request) => {
      const answer = await say(request(doorUrl));
      expect(answer).toMatchObject({ status, body: { code, status, type: 'about:blank' } });
      expect(answer.text).not.toContain(TOKEN.slice(0, 8));
      expect(answer.text).toContain('application/problem+json');
    });
  });

  it('serves eight connections at once, and says so to the ninth without reading it', async () => {
    const { hostname, port } = new URL(harness.connector.doorUrl ?? '');
    for (let open = 0; open < 8; open += 1) sockets.push(connect(Number(port), hostname));
    await eventually(() => expect(harness.connector.pids().length).toBeGreaterThanOrEqual(12));
    const before = openSockets();
    for (let busy = 0; busy < 4; busy += 1) {
      expect(await say(put(`${harness.connector.doorUrl ?? ''}/slots/abc`))).toMatchObject({ status: 503 });
    }
    await eventually(() => expect(openSockets()).toBeLessThanOrEqual(before));
    for (const socket of sockets.splice(0)) socket.destroy();
    await eventually(() => expect(harness.connector.pids().length).toBeLessThan(12));
  });
});
