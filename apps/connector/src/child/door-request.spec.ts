import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DoorRequestRejected, readDoorRequest } from './door-request.js';

const HOSTS = ['127.0.0.1:4600', 'localhost:4600'];
const TIMEOUTS = { firstByteMs: 10_000, requestMs: 10_000 };
const BODY = 'x'.repeat(42);
const GOOD = [
  'PUT /slots/0123abcd HTTP/1.1',
  'Host: localhost:4600',
  'Content-Type: application/json; charset=utf-8',
  'Content-Length: 42',
  'User-Agent: curl/8',
];
const without = (name: string): string[] => GOOD.filter((line) => !line.startsWith(name));
const withBody = (...lines: string[]): string => [...lines, '', BODY].join('\r\n');

let server: Server;
const sockets: Socket[] = [];
beforeAll(async () => {
  server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});
afterAll(() => void server.close());

/** Both ends of a new connection. */
async function connection(): Promise<{ client: Socket; accepted: Socket }> {
  const arrived = once(server, 'connection');
  const { port } = server.address() as AddressInfo;
  const client = connect(port, '127.0.0.1');
  const [accepted] = (await arrived) as [Socket];
  sockets.push(client, accepted);
  return { client, accepted };
}

/** What the door reads from these bytes, or why it refuses them. */
async function read(bytes: string, timeouts = TIMEOUTS, act: (client: Socket) => void = () => undefined) {
  const { client, accepted } = await connection();
  const result = readDoorRequest(accepted, HOSTS, timeouts).then(
    ({ slot, body }) => ({ slot, body: body.toString() }),
    (error: unknown) => (error instanceof DoorRequestRejected ? error.problem : error),
  );
  accepted.resume();
  if (bytes !== '') client.write(bytes, 'latin1');
  act(client);
  return result;
}

describe('a request to the door', () => {
  it('is read', async () => {
    expect(await read(withBody(...GOOD))).toEqual({ slot: '0123abcd', body: BODY });
  });

  it('is read with more than one space in its request line, which RFC 9112 (section 3) lets a parser accept', async () => {
    const spaced = ['PUT  /slots/0123abcd  HTTP/1.1', ...GOOD.slice(1)];
    expect(await read(withBody(...spaced))).toEqual({ slot: '0123abcd', body: BODY });
  });

  it('whose client waits for 100 Continue gets it', async () => {
    const sendBody = (client: Socket): void => void client.once('data', () => client.write(BODY));
    const head = [...GOOD, 'Expect: 100-continue', '', ''].join('\r\n');
    expect(await read(head, TIMEOUTS, sendBody)).toEqual({ slot: '0123abcd', body: BODY });
  });

  it.each<[string, string[]]>([
    ['bad_request', ['PUT /slots/0123abcd', ...GOOD.slice(1)]],
    ['bad_request', ['PUT /slots/0123abcd HTTP/2', ...GOOD.slice(1)]],
    ['bad_request', ['PUT /slots/0123abcd HTTP/1.0', ...GOOD.slice(1)]],
    ['bad_request', [...GOOD, ' folded: line']],
    ['bad_request', [...GOOD, 'Space : before']],
    ['bad_request', [...GOOD, 'Bare: lf\nX: y']],
    ['bad_request', [...GOOD, 'Eight: \u00e9']],
    ['bad_request', [...GOOD, 'CONTENT-LENGTH: 42']],
    ['bad_request', [...GOOD, 'X-Twice: 1', 'x-twice: 1']],
    ['bad_request', [...GOOD, `X-Long: ${'y'.repeat(8 * 1024)}`]],
    ['bad_request', [...GOOD, 'Transfer-Encoding: identity']],
    ['bad_request', [...GOOD, 'Transfer-Encoding: chunked']],
    ['bad_request', [...without('Content-Length'), 'Transfer-Encoding: chunked']],
    ['bad_request', [...GOOD, 'Content-Encoding: gzip']],
    ['bad_request', [...without('Content-Length'), 'Content-Length: +42']],
    ['bad_request', [...without('Content-Length'), 'Content-Length: 0x2a']],
    ['bad_request', [...without('Content-Length'), 'Content-Length: 41']],
    ['host_forbidden', without('Host')],
    ['host_forbidden', [...without('Host'), 'Host: localhost']],
    ['host_forbidden', [...without('Host'), 'Host: user@localhost:4600']],
    ['origin_forbidden', [...GOOD, 'Origin: null']],
    ['method_not_allowed', ['PUT http://localhost:4600/slots/0123abcd HTTP/1.1', ...GOOD.slice(1)]],
    ['method_not_allowed', ['PUT /slots/../x HTTP/1.1', ...GOOD.slice(1)]],
    ['method_not_allowed', ['PUT /slots/a?b HTTP/1.1', ...GOOD.slice(1)]],
    ['method_not_allowed', ['GET /slots/0123abcd HTTP/1.1', ...GOOD.slice(1)]],
    ['length_required', without('Content-Length')],
    ['payload_too_large', [...without('Content-Length'), 'Content-Length: 16385']],
    ['unsupported_media_type', without('Content-Type')],
    ['unsupported_media_type', [...without('Content-Type'), 'Content-Type: application/jsonp']],
  ])('is refused as %s: %j', async (problem, lines) => {
    expect(await read(withBody(...lines))).toBe(problem);
  });

  it('is refused when another request follows it', async () => {
    expect(await read(withBody(...GOOD) + withBody(...GOOD))).toBe('bad_request');
  });

  it('is refused when the client leaves before its end', async () => {
    expect(await read('\r\n\r\n', TIMEOUTS, (client) => client.end())).toBe('bad_request');
    expect(await read(GOOD.join('\r\n'), TIMEOUTS, (client) => client.end())).toBe('bad_request');
    expect(await read(withBody(...GOOD).slice(0, -1), TIMEOUTS, (client) => client.end())).toBe('bad_request');
  });

  it('is refused when its first byte, or its last one, does not arrive in time', async () => {
    expect(await read('', { firstByteMs: 20, requestMs: 10_000 })).toBe('request_timeout');
    expect(await read(GOOD.join('\r\n'), { firstByteMs: 10_000, requestMs: 20 })).toBe('request_timeout');
    expect(await read(withBody(...GOOD).slice(0, -1), { firstByteMs: 10_000, requestMs: 20 })).toBe('request_timeout');
  });
});
