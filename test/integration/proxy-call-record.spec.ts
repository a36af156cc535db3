import { randomBytes } from 'node:crypto';
import type { RunningService } from '@lethe/platform';
import { beforeAll, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { servedBy } from '../support/calls.js';
import { eventually } from '../support/eventually.js';
import { tool } from '../support/published-routes.js';
import { BELIEVES_FORWARDED } from '../support/proxy/caller-addresses.js';
import { describeProxiesOnEachEngine } from '../support/proxy/describe-proxies.js';
import { begin, legacy, modern } from '../support/proxy/rpc.js';

const KEY_ID = '0190c0de-0000-7000-8000-0000000000dd';
const CLIENT_INFO = 'io.modelcontextprotocol/clientInfo';
const traceparent = () => {
  const traceId = randomBytes(16).toString('hex');
  return { traceId, header: `00-${traceId}-${randomBytes(8).toString('hex')}-01` };
};

describeProxiesOnEachEngine('the record of a call', 1, ({ proxies, keep, startUpstream }) => {
  const lines: string[] = [];
  let url: string;
  let own: Record<string, string>;

  beforeAll(async () => {
    const upstream = await startUpstream(({ message, response, reply }) =>
      message.params?.['name'] === 'broken'
        ? void response.destroy()
        : reply({ content: [{ type: 'text', text: 'CANARY' }] }),
    );
    const items = [tool('echo'), tool('broken')];
    const gateways = [{ slug: 'up', url: upstream.url, items, mappings: [{ header: 'Authorization' }] }];
    await proxies.routes.publish({ slug: 'recorded', access: 'key', gateways, exposed: { 'up echo': 'say' } });
    const key = await proxies.routes.key('*', { keyId: KEY_ID });
    const output = { write: (text: string) => void lines.push(...text.trimEnd().split('\n')) };
    const replica: RunningService = keep(
      await proxies.start({ LETHE_LOG_LEVEL: 'info', ...BELIEVES_FORWARDED }, proxies.broker, {}, output),
    );
    await servedBy(replica.url, 'recorded', key);
    url = `${replica.url}/servers/recorded/mcp`;
    own = {
      authorization: `Bearer ${key}`,
      'x-upstream-up-authorization': 'Bearer CANARY',
      'x-forwarded-for': '203.0.113.80',
    };
  });

  /** The lines of calls that this work writes. */
  const linesOf = async (count: number, work: () => Promise<unknown>) => {
    lines.length = 0;
    await work();
    const calls = () =>
      lines
        .map((line): Record<string, unknown> => JSON.parse(line))
        .filter(({ msg, method }) => msg === 'Call' && method === 'tools/call');
    await eventually(() => expect(calls()).toHaveLength(count));
    expect(lines.join('\n')).not.toContain('CANARY');
    return calls();
  };
  const call = { name: 'say', arguments: { text: 'CANARY' } };

  it('of a legacy client tells tool, gateway, client, caller, address and trace', async () => {
    verifies('calls.accounted-for');
    const { traceId, header } = traceparent();
    const session = await begin(url, own);
    const written = await linesOf(2, async () => {
      await legacy(url, 'tools/call', call, { ...session, traceparent: header });
      await legacy(url, 'tools/call', { ...call, _meta: { traceparent: traceparent().header } }, session);
    });
    const facts = { caller: `key:${KEY_ID}`, server: 'recorded', gateway: 'up', era: 'legacy', outcome: 'ok' };
    const who = { tool: 'say', client: 'c/1', address: '203.0.113.80', durationMs: expect.any(Number) };
    expect(written[0]).toMatchObject({ ...facts, ...who, traceId });
    expect(written[1]).toMatchObject({ ...facts, ...who, traceId: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(Object.keys(written[0] ?? {}).toSorted()).toEqual(
      [
        'level',
        'time',
        'service',
        'caller',
        'server',
        'gateway',
        'method',
        'era',
        'outcome',
        'durationMs',
        'tool',
        'client',
      ]
        .concat(['address', 'traceId', 'msg'])
        .toSorted(),
    );
  });

  it('of a modern client tells the same; without a trace none, and from another address that one', async () => {
    verifies('calls.accounted-for');
    const from = (name: string, version: string) => ({ ...call, _meta: { [CLIENT_INFO]: { name, version } } });
    const [one, another, third] = await linesOf(3, async () => {
      await modern(url, 'tools/call', from('a-client', '2.1'), own);
      await modern(url, 'tools/call', from('b"\n€', ''), { ...own, 'x-forwarded-for': '2001:db8::7' });
      await modern(url, 'tools/call', from('Bearer ghp_0123456789abcdefghijABCDEFGHIJ012345', '1'), own);
    });
    expect(one).toMatchObject({ era: 'modern', tool: 'say', client: 'a-client/2.1', address: '203.0.113.80' });
    expect(one).not.toHaveProperty('traceId');
    expect(another).toMatchObject({ client: 'b"??', address: '2001:db8::7' });
    expect(third).toMatchObject({ client: '(hidden)' });
  });

  it('of one that failed tells the tool if it is known, and never a name that nobody serves', async () => {
    verifies('calls.accounted-for');
    const [broken, unknown] = await linesOf(2, async () => {
      await legacy(url, 'tools/call', { ...call, name: 'broken' }, own);
      await legacy(url, 'tools/call', { ...call, name: 'CANARY' }, own);
    });
    expect(broken).toMatchObject({ tool: 'broken', outcome: 'upstream_unreachable', address: '203.0.113.80' });
    expect(unknown).toMatchObject({ outcome: 'item_unknown', gateway: '', address: '203.0.113.80' });
    for (const line of [broken, unknown]) expect(line).not.toHaveProperty('client');
    expect(unknown).not.toHaveProperty('tool');
  });
});
