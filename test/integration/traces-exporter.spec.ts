import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import type { VerificationView } from '../support/admin.js';
import { servedBy } from '../support/calls.js';
import { eventually } from '../support/eventually.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { legacy, modern } from '../support/proxy/rpc.js';
import { type OtlpReceiver, startOtlpReceiver, tracedBy } from '../support/traces/otlp-receiver.js';
import { startEverythingUpstream, type Upstream } from '../support/upstreams/index.js';
import { freePort } from '../support/upstreams/loopback-server.js';
import { startWholeLethe, type WholeLethe } from '../support/whole-lethe.js';

const CALLS = 60;
const SECRET = 'S3cret-of-a-verification';
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SAMPLED = { traceparent: `00-${TRACE_ID}-b7ad6b7169203331-01` };
const LIMITS = {
  OTEL_BSP_MAX_QUEUE_SIZE: '20',
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10',
  OTEL_BSP_EXPORT_TIMEOUT: '1',
  OTEL_EXPORTER_OTLP_TIMEOUT: '60000',
};
const status =
  (code: number) =>
  (response: ServerResponse): void =>
    void response.writeHead(code).end();

describeProxies('a collector', 1, ({ proxies, keep, serveOne }) => {
  let collector: OtlpReceiver;

  beforeEach(async () => {
    collector = keep(await startOtlpReceiver());
  });

  /** As many calls as are told here, all answered, and what is counted of their spans. */
  async function called(env: NodeJS.ProcessEnv, isCounted: (metrics: string) => boolean): Promise<string> {
    const { path } = await serveOne(({ reply }) => reply({ content: [] }));
    const proxy = await proxies.start(env);
    await servedBy(proxy.url, path.split('/')[2] ?? '');
    for (let n = 0; n < CALLS; n++) {
      const answer = await legacy(proxy.url + path, 'tools/call', { name: 'echo' });
      expect(answer.body.result).toEqual({ content: [] });
    }
    const metrics = await eventually(async () => {
      const text = await (await fetch(`${proxy.url}/metrics`)).text();
      expect(isCounted(text)).toBe(true);
      return text;
    });
    await proxy.close();
    return metrics;
  }

  it('gets each span once, with its credential, at its path', async () => {
    verifies('traces.never-wait');
    const headers = { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20S3cret,x-scope=1' };
    const resource = { OTEL_SERVICE_NAME: 'mine', OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=a%20b' };
    await called(tracedBy(collector, { ...headers, ...resource }), () => true);
    // The end of the proxy sends the last ones.
    expect(collector.problems).toEqual([]);
    expect(collector.spans.filter(({ name }) => name.startsWith('tools/call'))).toHaveLength(CALLS * 2);
    expect(new Set(collector.spans.map(({ spanId }) => spanId)).size).toBe(collector.spans.length);
    expect(collector.spans[0]?.resource).toMatchObject({
      'service.name': 'mine',
      'deployment.environment.name': 'a b',
    });
    const [first] = collector.requests;
    expect(first).toMatchObject({ path: '/v1/traces', headers: { authorization: 'Bearer S3cret', 'x-scope': '1' } });
  });

  it.each([
    ['hangs', 'queue_full', () => undefined],
    ['is overloaded', 'unreachable', status(503)],
    ['refuses', 'refused', status(400)],
    ['sends elsewhere', 'refused', (response: ServerResponse) => response.writeHead(307, { location: '/' }).end()],
    ['breaks off', 'unreachable', (response: ServerResponse) => response.destroy()],
  ])('that %s costs no call; what is dropped is counted', async (_, why, instead) => {
    verifies('traces.never-wait');
    collector.instead = instead;
    const metrics = await called(tracedBy(collector, LIMITS), (text) => text.includes(`dropped_total{why="${why}"}`));
    expect(metrics).toContain('lethe_spans_sent_total 0');
    expect(collector.spans).toEqual([]);
  });

  it('gets nothing of callers who are refused, whatever their traceparent says', async () => {
    verifies('traces.known-callers');
    const { path } = await serveOne(({ reply }) => reply({ content: [] }), {}, { access: 'key' });
    const proxy = await proxies.start(tracedBy(collector));
    const refused = { ...SAMPLED, authorization: 'Bearer lethe_key_x_yyyyyyyyyyyyyyyyyyyy' };
    for (const send of [legacy, modern]) {
      const answer = () => send(proxy.url + path, 'tools/call', { name: 'echo' }, refused);
      await eventually(async () => expect((await answer()).status).toBe(401));
    }
    await proxy.close();
    // The end of the proxy has sent all that there was.
    expect(collector.spans.filter(({ traceId }) => traceId === TRACE_ID)).toEqual([]);
  });

  it('that is not there costs no call', async () => {
    verifies('traces.never-wait');
    const url = `http://127.0.0.1:${await freePort()}`;
    await called(tracedBy({ url }, LIMITS), (text) => text.includes('dropped_total{why="unreachable"}'));
  });

  it.each([{ OTEL_SDK_DISABLED: 'true' }, { OTEL_TRACES_EXPORTER: 'none' }, { OTEL_TRACES_SAMPLER: 'always_off' }])(
    'gets nothing with %o',
    async (off) => {
      verifies('traces.off');
      await called(tracedBy(collector, off), () => true);
      expect(collector.requests).toEqual([]);
    },
  );
});

describe('the trace of a verification', () => {
  let collector: OtlpReceiver;
  let lethe: WholeLethe;
  let upstream: Upstream;

  beforeAll(async () => {
    collector = await startOtlpReceiver();
    upstream = await startEverythingUpstream({ token: SECRET });
    lethe = await startWholeLethe(tracedBy(collector));
  });
  afterAll(async () => {
    for (const each of [lethe, upstream, collector]) await each.close();
  });

  /** The names of all spans of a trace, each with that of its parent. */
  async function tree(traceId: string, count: number): Promise<string[]> {
    const spans = await eventually(() => {
      const found = collector.spans.filter((span) => span.traceId === traceId);
      expect(found).toHaveLength(count);
      return found;
    });
    expect(collector.problems).toEqual([]);
    const named = (id: string | undefined) => spans.find(({ spanId }) => spanId === id)?.name ?? 'the caller';
    return spans.map((span) => {
      const service = String(span.resource['service.name']);
      return `${service}: ${named(span.parentSpanId)} > ${span.name}`;
    });
  }

  it('goes from the admin requests over the bus to the end of the handshake', async () => {
    verifies('traces.verification');
    const { admin } = lethe;
    const { id } = await admin.createGateway({ name: 'Up', url: upstream.url });
    const [traceId, headers] = [TRACE_ID, SAMPLED];
    const path = `/gateways/${id}/verifications`;
    const verification = await admin.ask<VerificationView>('POST', path, {}, headers);
    const sealed = await admin.seal(verification, { scheme: 'bearer', token: SECRET });
    await admin.ask('PUT', `${path}/${verification.id}/credential`, sealed, headers);
    expect(await admin.finished(id, verification.id)).toMatchObject({ state: 'verified' });
    const [lend, open] = ['lethe.connector.slot.lend.v1', 'lethe.connector.handshake.*.*.v1'];
    const [begin, send] = [
      'POST /v1/gateways/:ref/verifications',
      'PUT /v1/gateways/:ref/verifications/:vid/credential',
    ];
    expect((await tree(traceId, 7)).toSorted()).toEqual(
      [
        `lethe-registry: the caller > ${begin}`,
        `lethe-registry: ${begin} > request ${lend}`,
        `lethe-connector: request ${lend} > process ${lend}`,
        `lethe-registry: the caller > ${send}`,
        `lethe-registry: ${send} > request ${open}`,
        `lethe-connector: request ${open} > process ${open}`,
        `lethe-connector: process ${open} > handshake`,
      ].toSorted(),
    );
    const handshake = collector.spans.find(({ name }) => name === 'handshake');
    expect(handshake?.attributes).toMatchObject({ 'lethe.verification.id': verification.id });
    const exported = collector.requests.map(({ body }) => body).join('\n');
    for (const secret of [SECRET, admin.token, sealed]) expect(exported).not.toContain(secret);
  });

  it('has no span of a request that is refused before its administrator is known', async () => {
    verifies('traces.known-callers');
    const { admin } = lethe;
    const traceId = TRACE_ID.replace('0af7', '0af8');
    const traceparent = SAMPLED.traceparent.replace(TRACE_ID, traceId);
    const send = (authorization: string, body: string): Promise<Response> =>
      fetch(`${admin.url}/v1/gateways`, {
        method: 'POST',
        headers: { traceparent, authorization, 'content-type': 'application/json' },
        body,
      });
    for (const body of ['{}', '{']) expect((await send('Bearer lethe_admin_none', body)).ok).toBe(false);
    // Known, and refused for what it sent: the only one with a span.
    expect((await send(`Bearer ${admin.token}`, '{}')).status).toBe(400);
    expect(await tree(traceId, 1)).toEqual(['lethe-registry: the caller > POST /v1/gateways']);
    const [span] = collector.spans.filter((each) => each.traceId === traceId);
    expect(span?.attributes).toMatchObject({ 'http.response.status_code': 400 });
  });
});
