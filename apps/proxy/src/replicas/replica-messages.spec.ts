import { CallCancelled, DeliverInput, type DeliverInputReply } from '@lethe/contracts';
import { RequestFailed, type RequestFailure } from '@lethe/messaging';
import { testSealer } from '@test/support/trust.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { PendingInputs } from './pending-inputs.js';
import { ReplicaMessages } from './replica-messages.js';
import { RunningCalls } from './running-calls.js';

const NOTIFICATION = Buffer.from('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}');

/** Replicas on one bus, which notes the messages. */
function replicas(sealer = testSealer('replica-message')) {
  const others = new Map<string, ReplicaMessages>();
  const onBus: string[] = [];
  const requests = {
    request: async (_type: unknown, payload: object, { subject = '' }: { subject?: string }) => {
      const sealed = 'sealed' in payload ? String(payload.sealed) : '';
      onBus.push(sealed);
      const reply: unknown = others.get(subject)?.receive({ sealed });
      if (reply === undefined) throw new RequestFailed('no_responders');
      return reply as never;
    },
  };
  const notices = {
    publish: async (_type: unknown, payload: object) => {
      const sealed = 'sealed' in payload ? String(payload.sealed) : '';
      onBus.push(sealed);
      for (const replica of others.values()) replica.receiveCancellation({ sealed });
    },
  };
  const start = () => {
    const inputs = new PendingInputs();
    const calls = new RunningCalls();
    const messages = new ReplicaMessages({ requests, notices, sealer, inputs, calls });
    others.set(messages.subject, messages);
    return { inputs, calls, messages };
  };
  return { start, onBus };
}

describe('replicas of the proxy', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('hand over an answer once, and only to the replica that it is for', async () => {
    const { start, onBus } = replicas();
    const [one, two, three] = [start(), start(), start()];
    const received: string[] = [];
    const held = one.inputs.expect((json) => received.push(json));
    await two.messages.deliver(held, '{"secret":1}');
    expect(received).toEqual(['{"secret":1}']);
    expect(onBus.join()).not.toContain('secret');
    await expect(two.messages.deliver(held, '{}')).rejects.toMatchObject({ code: 'message_invalid' });
    const again = one.inputs.expect((json) => received.push(json));
    await two.messages.deliver(again, '{}');
    // What was sent to one replica says nothing to another, and nothing a second time.
    const sealed = onBus.at(-1) ?? '';
    for (const replica of [one, three]) expect(replica.messages.receive({ sealed }).status).toBe('unknown');
    expect(received).toHaveLength(2);
    expect(one.inputs.size).toBe(0);
  });

  it('say that a replica which is gone waits for nothing, and that the bus failed', async () => {
    const { start } = replicas();
    const gone = { replica: 'gone', id: 'x' };
    await expect(start().messages.deliver(gone, '{}')).rejects.toMatchObject({ code: 'message_invalid' });
    for (const reason of ['disconnected', 'timeout', 'failed', 'invalid_reply'] satisfies RequestFailure[]) {
      const requests = { request: () => Promise.reject(new RequestFailed(reason)) };
      const parts = { requests, notices: { publish: async () => undefined }, sealer: testSealer('replica-message') };
      const messages = new ReplicaMessages({ ...parts, inputs: new PendingInputs(), calls: new RunningCalls() });
      await expect(messages.deliver(gone, '{}')).rejects.toMatchObject({ code: 'bus_unavailable' });
    }
  });

  it('take no message of a bus that has not their keys', () => {
    const [{ start }, foreign] = [replicas(), testSealer('replica-message')];
    const { inputs, calls, messages } = start();
    const received: unknown[] = [];
    const { id } = inputs.expect((json) => received.push(json));
    calls.track('key', { cancel: (notification) => received.push(notification) });
    const expiry = Math.floor(Date.now() / 1000) + 30;
    for (const sealed of ['v1.a.b', foreign.seal({ i: id, m: '{}' }, messages.subject)]) {
      expect(messages.receive({ sealed })).toEqual({ status: 'unknown' } satisfies DeliverInputReply);
    }
    for (const sealed of ['', foreign.seal({ k: 'key', n: '{}', x: expiry }, CallCancelled.subject)]) {
      messages.receiveCancellation({ sealed });
    }
    expect(received).toEqual([]);
    expect(DeliverInput.subject).not.toBe(messages.subject);
  });

  it('cancel a call where it runs, and ask nobody if that is here', async () => {
    const { start, onBus } = replicas();
    const [one, two] = [start(), start()];
    const received: string[] = [];
    const forget = one.calls.track('a-key', { cancel: (notification) => received.push(notification.toString()) });
    await one.messages.cancel('a-key', 1, NOTIFICATION);
    expect(onBus).toHaveLength(0);
    await two.messages.cancel('a-key', 1, NOTIFICATION);
    expect(received).toEqual([NOTIFICATION.toString(), NOTIFICATION.toString()]);
    expect(onBus.join()).not.toMatch(/a-key|cancelled/);
    const long = Buffer.from(JSON.stringify({ params: { requestId: 1, reason: 'x'.repeat(20_000) } }));
    await two.messages.cancel('a-key', 1, long);
    expect(JSON.parse(received.at(-1) ?? '')).toMatchObject({ params: { requestId: 1 } });
    forget();
    await two.messages.cancel('a-key', 1, NOTIFICATION);
    expect(received).toHaveLength(3);
    expect(one.calls.size).toBe(0);
  });

  it('ignore a cancellation that is repeated later', async () => {
    vi.useFakeTimers();
    const { start, onBus } = replicas();
    const [one, two] = [start(), start()];
    const received: Buffer[] = [];
    one.calls.track('key', { cancel: (notification) => received.push(notification) });
    await two.messages.cancel('key', 1, NOTIFICATION);
    vi.advanceTimersByTime(31_000);
    one.messages.receiveCancellation({ sealed: onBus[0] ?? '' });
    expect(received).toHaveLength(1);
  });
});

describe('RunningCalls', () => {
  it('forgets a call at its end, but not another one that has its id meanwhile', () => {
    const calls = new RunningCalls();
    const cancelled: string[] = [];
    const forgetFirst = calls.track('key', { cancel: () => cancelled.push('first') });
    const forgetSecond = calls.track('key', { cancel: () => cancelled.push('second') });
    forgetFirst();
    expect(calls.cancel('key', NOTIFICATION)).toBe(true);
    expect(cancelled).toEqual(['second']);
    forgetSecond();
    expect(calls.cancel('key', NOTIFICATION)).toBe(false);
    calls.track(undefined, { cancel: () => cancelled.push('none') })();
    expect(calls.size).toBe(0);
  });
});
