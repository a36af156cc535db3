import { MemoryBroker } from '@lethe/messaging';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { connectLegacy } from '../support/mcp-clients.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { everythingCatalogue } from '../support/proxy/everything.js';
import { catalogueItems, tool } from '../support/published-routes.js';
import { listen, openStream } from '../support/proxy/event-stream.js';
import { begin, legacy, post, postRequest } from '../support/proxy/rpc.js';
import {
  forgetfulScript,
  startEverythingUpstream,
  UNKNOWN_SESSION_ANSWERS,
  type UpstreamScript,
  WRONG_CALL_ANSWERS,
} from '../support/upstreams/index.js';

type Headers = Record<string, string>;
/** A request in a session, and the part of the response that shows whether the session is over. */
type Send = (url: string, session: Headers) => Promise<{ status: number }>;

const CAPABILITIES = { tools: {}, logging: {}, resources: { subscribe: true } };
const ITEMS = [tool('t0'), ...catalogueItems({ resources: [{ uri: 'test://r' }] })];
const NOT_FOUND: UpstreamScript = ({ response }) => void response.writeHead(404).end();
const OK: UpstreamScript = ({ reply }) => reply({});
const CALL = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 't0' } };
const ECHO: { answers: Record<string, UpstreamScript> } = {
  answers: { 'tools/call': ({ request, reply }) => reply({ session: request.headers['mcp-session-id'] }), ping: OK },
};
const LISTED: UpstreamScript = ({ reply }) => reply({ tools: [{ name: 't0', inputSchema: { type: 'object' } }] });

const call: Send = (url, session) => legacy(url, 'tools/call', { name: 't0' }, session);
const ping: Send = (url, session) => legacy(url, 'ping', {}, session);
const list: Send = (url, session) => legacy(url, 'tools/list', {}, session);
const stream: Send = async (url, session) => {
  const opened = await listen(url, session);
  opened.close();
  return opened;
};
const IN_A_SESSION: Record<string, Send> = {
  call,
  subscribe: (url, session) => legacy(url, 'resources/subscribe', { uri: 'test://r' }, session),
  ping,
  list,
  stream,
  level: (url, session) => legacy(url, 'logging/setLevel', { level: 'info' }, session),
};
/** The status of every kind of request in a session. */
async function statuses(url: string, session: Headers): Promise<Record<string, number>> {
  const sent = Object.entries(IN_A_SESSION).map(async ([kind, send]) => [kind, (await send(url, session)).status]);
  return Object.fromEntries(await Promise.all(sent));
}
const all = (status: number) => Object.fromEntries(Object.keys(IN_A_SESSION).map((kind) => [kind, status]));
const end = (url: string, session: Headers) => fetch(url, { method: 'DELETE', headers: session });

describeProxies('sessions of legacy clients that have ended', 2, ({ proxies, keep, startUpstream, ...suite }) => {
  /** A gateway `g0` with the tool `t0`, whose lists are live, to a server that can forget its sessions. */
  async function forgetful(unknown: UpstreamScript, answers: Record<string, UpstreamScript> = {}) {
    const own = { 'tools/call': OK, 'tools/list': LISTED, ping: OK, ...answers };
    const results = { 'logging/setLevel': {}, 'resources/subscribe': {} };
    const { script, sessions } = forgetfulScript(unknown, { capabilities: CAPABILITIES, answers: own, results });
    const upstream = await startUpstream(script);
    const facts = { sessionful: true, capabilities: CAPABILITIES };
    const { url, path } = await suite.serve([upstream], {}, { facts, items: ITEMS, listing: 'live' });
    return { url, path, upstream, sessions };
  }

  it.each(UNKNOWN_SESSION_ANSWERS)('are unknown when an upstream says so as %s does', async (_server, answer) => {
    verifies('session.lost-is-told');
    const { url, sessions } = await forgetful(answer);
    const session = await begin(url);
    expect(await statuses(url, session)).toEqual(all(200));
    sessions.clear();
    expect(await legacy(url, 'tools/call', { name: 't0' }, session)).toMatchObject({
      status: 404,
      body: { id: 1, error: { data: { reason: 'session_unknown' } } },
    });
    expect(await statuses(url, session)).toEqual(all(404));
    expect((await end(url, session)).status).toBe(200);
    expect(await statuses(url, await begin(url))).toEqual(all(200));
  });

  it.each(WRONG_CALL_ANSWERS)('do not end by an error of a call: %s', async (_what, answer) => {
    verifies('session.lost-is-told');
    const { url, sessions, upstream } = await forgetful(NOT_FOUND, { 'tools/call': answer });
    const session = await begin(url);
    const { status, text } = await legacy(url, 'tools/call', { name: 't0' }, session);
    expect(status).not.toBe(404);
    expect(text).toContain('"error"');
    expect(text).not.toContain('session_unknown');
    expect(sessions.size).toBe(1);
    expect(upstream.received.filter(({ method }) => method === 'DELETE')).toEqual([]);
    expect((await list(url, session)).status).toBe(200);
  });

  it('do not end where an upstream refuses pings, or a ping gets no answer', async () => {
    const wrong: UpstreamScript = ({ replyError }) => replyError(400, { code: -32000, message: 'No such row' });
    const refusing: UpstreamScript = ({ replyError }) => replyError(400, { code: -32601, message: 'No such method' });
    const cutting: UpstreamScript = ({ response }) => void response.destroy();
    for (const answer of [refusing, cutting]) {
      const { url } = await forgetful(NOT_FOUND, { 'tools/call': wrong, ping: answer });
      const session = await begin(url);
      expect(await legacy(url, 'tools/call', { name: 't0' }, session)).toMatchObject({
        status: 200,
        body: { error: { code: -32000, message: 'No such row' } },
      });
      expect((await ping(url, session)).status).toBe(200);
    }
  });

  it('do not end where an upstream answers 400 because it has no streams, or can’t resume one', async () => {
    const noStream: UpstreamScript = ({ response }) => void response.writeHead(400).end('no streams');
    const cut: UpstreamScript = ({ response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end('id: e-1\ndata: {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info"}}\n\n');
    };
    const { url, sessions } = await forgetful(noStream, { GET: noStream, 'tools/call': cut });
    const session = await begin(url);
    expect((await stream(url, session)).status).toBe(200);
    const { id = '' } = await keep(await openStream(url, postRequest(CALL, session))).message();
    const resumed = keep(await listen(url, { ...session, 'last-event-id': id }));
    expect((await resumed.message()).body).toMatchObject({ id: 1, error: { data: { why: 'not_resumable' } } });
    sessions.clear();
    expect((await listen(url, { ...session, 'last-event-id': id })).status).toBe(404);
  });

  it('end for a client that responds to a request of the upstream', async () => {
    const asking: UpstreamScript = ({ response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"jsonrpc":"2.0","id":"a","method":"roots/list"}\n\n');
    };
    const wrong: UpstreamScript = ({ replyError }) => replyError(400, { code: -32000, message: 'Bad Request' });
    const { url, sessions } = await forgetful(wrong, { 'tools/call': asking });
    const session = await begin(url, {}, { roots: {} });
    const asked = await keep(await openStream(url, postRequest(CALL, session))).message();
    sessions.clear();
    const answer = { jsonrpc: '2.0', id: asked.body['id'], result: { roots: [] } };
    expect((await post(url, answer, session)).status).toBe(404);
  });

  it('stay usable at the other gateways until the client initializes again, and then begin anew at all', async () => {
    const [a, b] = [forgetfulScript(NOT_FOUND, ECHO), forgetfulScript(NOT_FOUND, ECHO)];
    const { url } = await suite.serve([await startUpstream(a.script), await startUpstream(b.script)]);
    const at = async (name: string, session: Headers) => {
      const { status, body } = await legacy(url, 'tools/call', { name }, session);
      return status === 200 ? body.result.session : status;
    };
    const first = await begin(url);
    a.sessions.clear();
    expect([await at('t0', first), await at('t1', first), await at('t0', first)]).toEqual([404, 'session-1', 404]);
    expect((await ping(url, first)).status).toBe(404);
    expect(await at('t1', first)).toBe('session-1');
    const second = await begin(url);
    expect([await at('t0', second), await at('t1', second)]).toEqual(['session-2', 'session-2']);
    expect((await ping(url, second)).status).toBe(200);
  });

  it('answer a ping when an upstream is unreachable, hangs, or its credential was not sent', async () => {
    const hanging = forgetfulScript(NOT_FOUND, { answers: { ping: () => undefined } });
    const gone = forgetfulScript(NOT_FOUND);
    const [a, b] = [await startUpstream(hanging.script), await startUpstream(gone.script)];
    const mappings = [{ header: 'Authorization', required: true }];
    const { path, url } = await suite.serve([a, b], {}, { mappings });
    const proxy = keep(await proxies.start({}, undefined, { sessionMs: 300 }));
    const credentials = { 'x-upstream-g0-authorization': 'Bearer a', 'x-upstream-g1-authorization': 'Bearer b' };
    const session = await begin(url, credentials);
    await b.close();
    await eventually(async () => expect((await ping(proxy.url + path, session)).status).toBe(200));
    const seen = a.received.length;
    expect((await ping(url, { 'mcp-session-id': session['mcp-session-id'] })).status).toBe(200);
    expect(a.received).toHaveLength(seen);
    expect(a.received.at(-1)?.headers.authorization).toBe('Bearer a');
  });

  it('are unknown on every replica after DELETE, whatever the upstream says, and their streams end', async () => {
    verifies('session.ended-is-gone');
    const noDelete: UpstreamScript = ({ response }) => void response.writeHead(405).end();
    const { url, path, upstream } = await forgetful(NOT_FOUND, { DELETE: noDelete });
    const [session, other] = [await begin(url), await begin(url)];
    const streams = await Promise.all(proxies.replicas.map((replica) => listen(replica.url + path, session)));
    const [first = '', ...others] = proxies.replicas.map((replica) => replica.url + path);
    expect((await end(first, session)).status).toBe(200);
    expect(await statuses(first, session)).toEqual(all(404));
    expect((await end(first, session)).status).toBe(404);
    await Promise.all(streams.map((opened) => opened.ended()));
    const before = upstream.received.length;
    for (const replica of others) expect(await statuses(replica, session)).toEqual(all(404));
    for (const replica of others) expect((await end(replica, session)).status).toBe(404);
    expect(upstream.received).toHaveLength(before);
    expect(await statuses(url, other)).toEqual(all(200));
  });

  it('are unknown after DELETE without the bus: here at once, elsewhere because the upstream has none', async () => {
    const { url, path } = await forgetful(NOT_FOUND);
    const session = await begin(url);
    await (await proxies.start()).close(); // stores the routes
    const alone = keep(await proxies.start({}, new MemoryBroker()));
    expect((await ping(alone.url + path, session)).status).toBe(200);
    expect((await end(alone.url + path, session)).status).toBe(200);
    expect(await statuses(alone.url + path, session)).toEqual(all(404));
    expect(await statuses(url, session)).toEqual(all(404));
  });

  it('begin anew for a client of the SDK when server-everything was started again', async () => {
    const everything = keep(await startEverythingUpstream({}));
    const { items, facts } = await everythingCatalogue(everything.url);
    const gateways = [{ slug: 'everything', url: everything.url, items, facts }];
    const { url } = await suite.publish({ gateways });
    const echo = { name: 'echo', arguments: { message: 'hello' } };
    const before = keep(await connectLegacy(url, {}));
    expect(await before.callTool(echo)).toMatchObject({ content: [{ text: 'Echo: hello' }] });
    await everything.restart();
    await expect(before.callTool(echo)).rejects.toMatchObject({ code: 404 });
    await expect(before.ping()).rejects.toMatchObject({ code: 404 });
    const after = keep(await connectLegacy(url, {}));
    expect(await after.callTool(echo)).toMatchObject({ content: [{ text: 'Echo: hello' }] });
    await after.ping();
  });
});
