import { randomBytes } from 'node:crypto';
import { createServer as createTlsServer } from 'node:https';
import { gzipSync } from 'node:zlib';
import { failureFacts, GatewayVerificationFailed, GatewayVerified, type HandshakeCode } from '@lethe/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { type ConnectorHarness, startConnectorHarness } from '../support/connector/connector-harness.js';
import { SELF_SIGNED } from '../support/connector/self-signed.js';
import { eventually } from '../support/eventually.js';
import { portOf } from '../support/upstreams/loopback-server.js';
import {
  dualScript,
  type EraScript,
  initializeResult,
  legacyScript,
  type LegacyScript,
  type ScriptedExchange,
  startModernUpstream,
  startScriptedUpstream,
  type Upstream,
  type UpstreamScript,
} from '../support/upstreams/index.js';

/** What a handshake takes whose upstream keeps it waiting. */
const TIMEOUT_MS = 2_000;
/** For visits that have to be done before the optional ones end, also on a busy machine. */
const LONGER_MS = 6_000;
const TOKEN = randomBytes(32).toString('base64url');

let harness: ConnectorHarness;
const upstreams: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  harness = await startConnectorHarness();
});
afterAll(() => harness.close());
afterEach(async () => {
  await Promise.all(upstreams.splice(0).map((upstream) => upstream.close()));
  // Whatever the upstream did, the pool recovers, and no process is left over.
  await eventually(() => expect(harness.connector.pids()).toHaveLength(4));
});

/** Gives a suite a connector whose handshakes end after this time. */
function endHandshakesAfter(timeoutMs: number): void {
  let ofOthers: ConnectorHarness;
  beforeAll(async () => {
    ofOthers = harness;
    harness = await startConnectorHarness({ LETHE_HANDSHAKE_TIMEOUT_MS: String(timeoutMs) });
  });
  afterAll(async () => {
    await harness.close();
    harness = ofOthers;
  });
}

async function scripted(script: UpstreamScript): Promise<Upstream> {
  const upstream = await startScriptedUpstream(script);
  upstreams.push(upstream);
  return upstream;
}

async function failureAt(url: string): Promise<GatewayVerificationFailed> {
  const order = harness.registry.order(url);
  const { event, items, receipt } = await harness.registry.verify(order, { scheme: 'bearer', token: TOKEN });
  if (!(event instanceof GatewayVerificationFailed)) throw new Error('it was verified');
  expect(items).toEqual([]);
  expect(harness.registry.endings(order.vid)).toHaveLength(1);
  expect(receipt).toMatchObject({ outcome: 'failed', code: event.code });
  expect(receipt.failure).toEqual(failureFacts(event));
  expect(receipt).not.toHaveProperty('digest');
  expect(JSON.stringify(event)).not.toContain(TOKEN.slice(0, 12));
  return event;
}

const serving = (tools: unknown): LegacyScript => ({ results: { 'tools/list': { tools } } });
const answering = (method: string, answer: UpstreamScript): UpstreamScript =>
  legacyScript({ ...serving([]), answers: { [method]: answer } });

describe('an upstream that refuses', () => {
  it('the token: credential_rejected, after one request', async () => {
    const upstream = await startModernUpstream({ token: 'another-token', name: 'locked' });
    upstreams.push(upstream);
    expect(await failureAt(upstream.url)).toMatchObject({
      ...{ code: 'credential_rejected', httpStatus: 401, scheme: 'bearer', requests: 1 },
    });
    expect(upstream.received).toHaveLength(1);
  });

  it.each([
    ['Basic realm="of the upstream"', 'basic'],
    ['Negotiate', undefined],
    ['DPoP algs="ES256", Basic realm="r"', 'basic'],
  ])('to serve without one (%s): credential_required, with the scheme that is known', async (challenge, scheme) => {
    verifies('verification.required-or-rejected');
    const { url } = await scripted(({ response }) => {
      response.writeHead(401, { 'www-authenticate': challenge }).end();
    });
    const order = harness.registry.order(url, { credential: 'none' });
    await harness.registry.reserve(order);
    const { event, receipt } = await harness.registry.ending(order.vid);
    expect(event).toMatchObject({ code: 'credential_required', httpStatus: 401 });
    expect(event).toHaveProperty('scheme', scheme);
    expect(receipt).toMatchObject({ outcome: 'failed', code: 'credential_required' });
  });

  it('a token that nobody has signed for: says so', async () => {
    const { url } = await scripted(({ response }) => {
      response.writeHead(401, { 'www-authenticate': 'DPoP algs="ES256"' }).end();
    });
    expect(await failureAt(url)).toMatchObject({ code: 'credential_rejected', wantsProof: true });
  });

  it('this caller: upstream_forbidden', async () => {
    const { url } = await scripted(({ response }) => void response.writeHead(403).end(`no ${TOKEN}`));
    expect(await failureAt(url)).toMatchObject({ code: 'upstream_forbidden', httpStatus: 403 });
  });

  it('with a server error in each era: upstream_http_error of the first', async () => {
    const statuses = [503, 500];
    const upstream = await scripted(({ response }) => void response.writeHead(statuses.shift() ?? 200).end());
    expect(await failureAt(upstream.url)).toMatchObject({ code: 'upstream_http_error', httpStatus: 503 });
    expect(upstream.received).toHaveLength(2);
  });
});

describe('an upstream that says what to do', () => {
  it('asks to wait: the time is reported and signed, at most an hour', async () => {
    verifies('verification.says-why');
    for (const [status, after, retryAfterSeconds] of [
      [429, '401', 401],
      [503, '99999', 3_600],
      [429, 'soon', undefined],
    ] as const) {
      const { url } = await scripted(({ response }) => void response.writeHead(status, { 'retry-after': after }).end());
      const event = await failureAt(url);
      expect(event).toMatchObject({ code: 'upstream_http_error', httpStatus: status });
      expect(event.retryAfterSeconds).toBe(retryAfterSeconds);
    }
  });

  it('redirects: the address to register instead is reported, if it is of the same server and has no secret', async () => {
    verifies('verification.says-why');
    const moved = async (location: (url: string) => string) => {
      const { url } = await scripted(({ request, response }) => {
        response.writeHead(308, { location: location(`http://${request.headers.host ?? ''}/mcp`) }).end();
      });
      const { code, httpStatus, registerUrl } = await failureAt(url);
      expect({ code, httpStatus }).toEqual({ code: 'upstream_redirected', httpStatus: 308 });
      return registerUrl?.replace(url, '');
    };
    expect(await moved((url) => `${url}/`)).toBe('/');
    expect(await moved((url) => `${url}/?token=${TOKEN}`)).toBe('/');
    expect(await moved((url) => `${url}/${TOKEN}`)).toBeUndefined();
    expect(await moved(() => 'https://elsewhere.example/mcp')).toBeUndefined();
  });
});

describe('an upstream that is not there', () => {
  it('no process listens: upstream_unreachable, why: refused', async () => {
    const gone = await startScriptedUpstream(() => undefined);
    await gone.close();
    expect(await failureAt(gone.url)).toMatchObject({ code: 'upstream_unreachable', why: 'refused' });
  });

  it('its certificate is not trusted: upstream_tls_failed, and no request is sent', async () => {
    const asked: string[] = [];
    const server = createTlsServer(SELF_SIGNED, (request) => asked.push(request.url ?? ''));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    upstreams.push({ close: () => new Promise((resolve) => server.close(() => resolve())) });
    expect(await failureAt(`https://127.0.0.1:${portOf(server)}/mcp`)).toMatchObject({ code: 'upstream_tls_failed' });
    expect(asked).toEqual([]);
  });

  it('it is no TLS server: upstream_tls_failed', async () => {
    const { url } = await scripted(() => undefined);
    expect(await failureAt(url.replace('http:', 'https:'))).toMatchObject({ code: 'upstream_tls_failed' });
  });
});

describe('an upstream that is something else', () => {
  it.each<[string, UpstreamScript]>([
    ['a web page', ({ response }) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')],
    ['a JSON API', ({ response }) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{}')],
    ['nothing at this path', ({ response }) => void response.writeHead(404).end('not found')],
    ['a method it does not take', ({ response }) => void response.writeHead(405).end()],
  ])('%s: not_an_mcp_server', async (_what, script) => {
    expect(await failureAt((await scripted(script)).url)).toMatchObject({ code: 'not_an_mcp_server' });
  });

  it('of a version that we do not speak: upstream_protocol_error', async () => {
    const { url } = await scripted(legacyScript({ protocolVersion: '2024-11-05' }));
    expect(await failureAt(url)).toMatchObject({ code: 'upstream_protocol_error' });
    const future = await scripted(({ replyError }) =>
      replyError(400, { code: -32022, message: 'no', data: { supported: ['2030-01-01'], requested: '2026-07-28' } }),
    );
    expect(await failureAt(future.url)).toMatchObject({ code: 'upstream_protocol_error' });
    expect(future.received).toHaveLength(1);
  });
});

describe('an upstream that keeps one waiting', () => {
  endHandshakesAfter(TIMEOUT_MS);

  it.each<[string, UpstreamScript]>([
    ['before it answers anything', () => undefined],
    ['in a list', answering('tools/list', () => undefined)],
    [
      'with events without end',
      answering('tools/list', ({ response }) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const timer = setInterval(() => response.write(': still here\n\n'), 20);
        response.on('close', () => clearInterval(timer));
      }),
    ],
    [
      'in the middle of a body',
      answering('tools/list', ({ response }) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{"jsonrpc":"2.0","id":');
      }),
    ],
  ])('%s: upstream_timeout, about when the time is over', async (_where, script) => {
    const { url } = await scripted(script);
    const event = await failureAt(url);
    expect(event.code).toBe('upstream_timeout');
    const tookMs = Date.parse(event.finishedAt) - Date.parse(event.startedAt);
    expect(tookMs).toBeGreaterThan(TIMEOUT_MS - 100);
    expect(tookMs).toBeLessThan(TIMEOUT_MS + 1_000);
  });
});

describe('an upstream that keeps one waiting in a visit that is optional', () => {
  endHandshakesAfter(LONGER_MS);

  const tool = { name: 'a', inputSchema: { type: 'object' } };
  const list: EraScript = () => ({ 'tools/list': { tools: [tool] } });
  const verifiedAt = async (script: UpstreamScript) => {
    const upstream = await scripted(script);
    const { event } = await harness.registry.verify(harness.registry.order(upstream.url), {
      ...{ scheme: 'bearer', token: TOKEN },
    });
    if (!(event instanceof GatewayVerified)) throw new Error(`failed: ${event.code}`);
    return { event, upstream };
  };

  it('of its second era: the first one is verified', async () => {
    verifies('eras.warned');
    const before = ({ message }: ScriptedExchange): boolean => message.method === 'initialize';
    const { event } = await verifiedAt(dualScript({ modern: list, legacy: list, before }));
    expect(event.facts).toMatchObject({ era: 'modern' });
    expect(event.warnings).toEqual([{ code: 'era_failed', era: 'legacy', why: 'upstream_timeout' }]);
  });

  it('as a client with capabilities: the rest is verified, and the session of that visit is ended', async () => {
    const isCapable = (id: unknown): boolean => Buffer.from(String(id), 'base64url').toString().includes('sampling');
    const before = ({ message, request }: ScriptedExchange): boolean =>
      message.method === 'tools/list' && isCapable(request.headers['mcp-session-id']);
    const { event, upstream } = await verifiedAt(dualScript({ legacy: list, before }));
    expect(event).toMatchObject({ counts: { tools: 1 } });
    expect(event.warnings).toEqual([{ code: 'conditional_failed', era: 'legacy', why: 'upstream_timeout' }]);
    const ended = upstream.received.filter(({ method }) => method === 'DELETE');
    expect(ended.map(({ headers }) => isCapable(headers['mcp-session-id']))).toEqual([false, true]);
  });
});

describe('an upstream that sends one elsewhere', () => {
  it('on its own origin and on another: upstream_redirected, and the redirect is not followed', async () => {
    const trap = await scripted(({ response }) => void response.end());
    for (const location of ['/elsewhere', trap.url]) {
      const upstream = await scripted(({ response }) => void response.writeHead(307, { location }).end());
      expect(await failureAt(upstream.url)).toMatchObject({ code: 'upstream_redirected', httpStatus: 307 });
      expect(upstream.received).toHaveLength(1);
    }
    expect(trap.received).toEqual([]);
  });
});

describe('an upstream that breaks off', () => {
  it.each<[string, UpstreamScript]>([
    ['instead of an answer', ({ response }) => void response.destroy()],
    ['in a list', answering('tools/list', ({ response }) => void response.destroy())],
    [
      'in the middle of a body',
      answering('tools/list', ({ response }) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
        response.write('{"jsonrpc"', () => response.destroy());
      }),
    ],
    [
      'in a stream, before the answer',
      answering('tools/list', ({ response }) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).end(': nothing\n\n');
      }),
    ],
  ])('%s: upstream_closed', async (_where, script) => {
    expect(await failureAt((await scripted(script)).url)).toMatchObject({ code: 'upstream_closed' });
  });
});

describe('an upstream that sends too much, or what it should not', () => {
  it('a list of 5 MiB: upstream_too_large', async () => {
    const tool = { name: 'big', description: 'x'.repeat(5 * 1024 * 1024), inputSchema: { type: 'object' } };
    const { url } = await scripted(legacyScript(serving([tool])));
    expect(await failureAt(url)).toMatchObject({ code: 'upstream_too_large' });
  });

  it('headers without end: upstream_too_large', async () => {
    const huge = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`x-h${index}`, 'y'.repeat(1000)]));
    const { url } = await scripted(({ response }) => void response.writeHead(200, huge).end());
    expect(await failureAt(url)).toMatchObject({ code: 'upstream_too_large' });
  });

  it.each([
    ['a short body that decodes to 50 MiB', 'upstream_too_large', gzipSync(Buffer.alloc(50 * 1024 * 1024))],
    ['a body that is not coded as it says', 'upstream_protocol_error', Buffer.from('{"jsonrpc":"2.0"}')],
  ])('%s: %s', async (_what, code, body) => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const { url } = await scripted(
      answering('tools/list', ({ response }) => void response.writeHead(200, headers).end(body)),
    );
    expect(await failureAt(url)).toMatchObject({ code });
  });

  it('another page at the same cursor again and again: upstream_protocol_error', async () => {
    let page = 0;
    const { url } = await scripted(
      answering('tools/list', ({ reply }) => {
        reply({ tools: [{ name: `t${page++}`, inputSchema: { type: 'object' } }], nextCursor: 'again' });
      }),
    );
    expect(await failureAt(url)).toMatchObject({ code: 'upstream_protocol_error' });
  });

  it('nesting that would choke a parser: upstream_protocol_error', async () => {
    const { url } = await scripted(
      answering('tools/list', ({ response, message }) => {
        const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(`{"jsonrpc":"2.0","id":${message.id},"result":{"tools":${deep}}}`);
      }),
    );
    expect(await failureAt(url)).toMatchObject({ code: 'upstream_protocol_error' });
  });
});

describe('an upstream that prints the credential', () => {
  const tool = { name: 'echo', inputSchema: { type: 'object' } };
  const places: [string, string, LegacyScript][] = [
    ['the server info', '/facts/serverInfo/version', { serverInfo: { name: 'x', version: TOKEN } }],
    ['the instructions, in base64', '/facts/instructions', { instructions: btoa(`you sent ${TOKEN}`) }],
    ['the capabilities', '/facts/capabilities/extensions/a/b', withCapability({ a: { b: TOKEN } })],
    ['the name of a capability', '/facts/capabilities/extensions', withCapability({ [TOKEN]: {} })],
    ['a tool’s description', '/items/0/definition/description', serving([{ ...tool, description: `I saw ${TOKEN}` }])],
    ['a tool’s name', '/items/0/own', serving([{ ...tool, name: TOKEN }])],
    [
      'a schema, reversed',
      '/items/0/definition/inputSchema/properties/p/description',
      serving([{ name: 'x', inputSchema: { type: 'object', properties: { p: { description: backwards(TOKEN) } } } }]),
    ],
    [
      'a resource’s URI, percent-encoded',
      '/items/0/own',
      {
        capabilities: { resources: {} },
        results: { 'resources/list': { resources: [{ name: 'r', uri: `x://${percent(TOKEN)}` }] } },
      },
    ],
  ];

  it.each(places)('in %s: upstream_reflects_credential at %s, and nothing is kept', async (_what, pointer, script) => {
    const { url } = await scripted(legacyScript({ ...serving([]), ...script }));
    expect(await failureAt(url)).toMatchObject({ code: 'upstream_reflects_credential', pointer });
  });

  it('in errors: their text stays where it was', async () => {
    const error = { code: -32000, message: `bad token ${TOKEN}`, data: { TOKEN } };
    const { url } = await scripted(answering('tools/list', ({ replyError }) => replyError(200, error)));
    expect(await failureAt(url)).toMatchObject({ code: 'upstream_protocol_error' satisfies HandshakeCode });
  });
});

function withCapability(extensions: Record<string, unknown>): LegacyScript {
  return { capabilities: { ...(initializeResult({})['capabilities'] as object), extensions } };
}

function backwards(text: string): string {
  return Buffer.from(text).reverse().toString();
}

function percent(text: string): string {
  return Buffer.from(text)
    .toString('hex')
    .replace(/../g, (byte) => `%${byte}`);
}
