import { CallsSeen, MAX_MESSAGE_BYTES, MAX_SEEN, SEEN_OTHER } from '@lethe/contracts';
import { validPayload } from '@lethe/messaging';
import { describe, expect, it } from 'vitest';
import { decodedRequest } from '@test/support/proxy/mcp-request.js';
import { serverRoutes } from '@test/support/proxy/server-routes.js';
import { Caller } from '../auth/authenticator.js';
import { SeenCalls } from './seen-calls.js';

const caller = Caller.open(serverRoutes([{ slug: 'up', mappings: [] }]));
const names = { server: 's', gateway: 'up', method: 'tools/call', outcome: 'ok', limit: '' };

function reporting() {
  const sent: CallsSeen[] = [];
  const streams = [{ kind: 'listen', open: 0 }];
  const notices = {
    publish: (_type: object, notice: object) => Promise.resolve(void sent.push(notice as CallsSeen)),
  };
  const seen = new SeenCalls(notices, 'a-host/0a', () => [...streams]);
  const call = (more: object = {}, { client = 'a-client', isFirst = false, endedAt = 0 } = {}) => {
    const request = decodedRequest(caller, 'legacy', 'tools/call', 'up');
    const count = seen.counts.of({ ...names, ...more });
    seen.counts.add(count, 0.5);
    if (seen.sample.wants(isFirst, count.isSuccess))
      seen.sample.add(count, { request, client, durationMs: 500, endedAt }, isFirst);
  };
  return { seen, sent, streams, call };
}

describe('calls told to registries', () => {
  it('are counted by their names, once, and nothing is sent where there were none', async () => {
    const { seen, sent, call } = reporting();
    await seen.stop();
    expect(sent).toEqual([]);
    for (let n = 0; n < 3; n++) call();
    call({ outcome: 'rate_limited', limit: 'tools' });
    await seen.stop();
    await seen.stop();
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ proxy: 'a-host/0a', number: 1 });
    expect(sent[0]?.counts).toEqual([
      { ...names, calls: 3, seconds: 1.5 },
      { ...names, outcome: 'rate_limited', limit: 'tools', calls: 1, seconds: 0.5 },
    ]);
    call();
    await seen.stop();
    expect(sent[1]).toMatchObject({ number: 2, counts: [{ calls: 1, seconds: 0.5 }] });
  });

  it('tell open streams while there are some, and once that the last one has ended', async () => {
    const { seen, sent, streams } = reporting();
    for (const open of [0, 2, 2, 0, 0]) {
      streams[0] = { kind: 'listen', open };
      await seen.stop();
    }
    expect(sent.map((notice) => notice.streams[0]?.open)).toEqual([2, 2, 0]);
  });

  it('are complete and keep their outcome where there are more names than rows, and fit into a message', async () => {
    const { seen, sent, call } = reporting();
    const wide = 'x'.repeat(24);
    for (let n = 0; n < 3_000; n++)
      call({ server: `${wide}${n}`, gateway: wide, outcome: n % 2 ? 'ok' : 'upstream_unreachable' }, { client: 'ü'.repeat(300) }); // prettier-ignore
    for (let n = 0; n < 1_000; n++) call({ outcome: `outcome_${n}` });
    await seen.stop();
    const [notice] = sent;
    expect(notice?.counts.length).toBeLessThanOrEqual(MAX_SEEN.counts);
    expect(notice?.counts.reduce((sum, { calls }) => sum + calls, 0)).toBe(4_000);
    expect(notice?.counts.some(({ server, outcome }) => server === SEEN_OTHER && outcome === 'ok')).toBe(true);
    expect(Buffer.byteLength(JSON.stringify(notice))).toBeLessThan(MAX_MESSAGE_BYTES);
    expect(validPayload(CallsSeen, JSON.parse(JSON.stringify(notice)))).toBeDefined();
  });

  it('have a bounded sample with first calls and failures before others, and their age', async () => {
    const { seen, sent, call } = reporting();
    for (let n = 0; n < 100; n++) call();
    for (let n = 0; n < 10; n++) call({ outcome: 'upstream_unreachable' });
    call({}, { isFirst: true, client: 'first', endedAt: performance.now() });
    await seen.stop();
    const calls = sent[0]?.calls ?? [];
    expect(calls).toHaveLength(MAX_SEEN.calls);
    expect(calls.filter(({ outcome }) => outcome !== 'ok')).toHaveLength(10);
    expect(calls.at(-1)).toMatchObject({ client: 'first', caller: 'open', item: 'a', durationMs: 500 });
    expect(calls.at(-1)?.ageMs).toBeLessThan(calls[0]?.ageMs ?? 0);
  });

  it('show nothing that looks like a credential, and no character that cannot be stored', async () => {
    const { seen, sent, call } = reporting();
    call({}, { client: `lethe_key_${'0'.repeat(16)}_oDnhvIc99XqZ4LmT7wRb2KsVyEa5GjUf1HpCt8NdQx0` });
    call({}, { client: 'a\u0000b\u202e' });
    await seen.stop();
    expect(sent[0]?.calls.map(({ client }) => client)).toEqual(['(hidden)', 'a?b?']);
  });

  it('break the contract with a row that is none', () => {
    const notice = { proxy: 'a-host/0a', number: 1, counts: [], streams: [], calls: [] };
    const count = { ...names, calls: 1, seconds: 1 };
    const isValid = (more: object) => validPayload(CallsSeen, { ...notice, ...more }) !== undefined;
    expect(isValid({ counts: [count] })).toBe(true);
    for (const wrong of [
      { calls: -1 },
      { calls: '1' },
      { server: 'a\ud800' },
      { server: 'x'.repeat(65) },
      { limit: 1 },
    ])
      expect(isValid({ counts: [{ ...count, ...wrong }] })).toBe(false);
    expect(isValid({ calls: [null] })).toBe(false);
    expect(isValid({ streams: [{ kind: '\0', open: 1 }] })).toBe(false);
  });
});
