import { describe, expect, it } from 'vitest';
import type { CoreMessage } from '../core-connection.js';
import { MemoryBroker } from './memory-broker.js';

function collect(broker: MemoryBroker, subject: string, queue?: string) {
  const seen: string[] = [];
  const callback = (_: Error | null, message: CoreMessage): void =>
    void seen.push(`${message.subject} ${JSON.stringify(message.json())}`);
  return { seen, subscription: broker.subscribe(subject, { ...(queue && { queue }), callback }) };
}

/** Messages are delivered after the turn in which they were published. */
const delivered = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('MemoryBroker', () => {
  it('hands a message to every subscriber, in order, after the turn of its publisher', async () => {
    const broker = new MemoryBroker();
    const [one, two] = [collect(broker, 'a.*'), collect(broker, 'a.b')];
    broker.publish('a.b', '1');
    broker.publish('a.b', '2');
    expect(one.seen).toEqual([]);
    await delivered();
    expect([one.seen, two.seen]).toEqual([
      ['a.b 1', 'a.b 2'],
      ['a.b 1', 'a.b 2'],
    ]);
  });

  it('hands a message to one member of each queue group in turn', async () => {
    const broker = new MemoryBroker();
    const members = [1, 2, 3].map(() => collect(broker, 'q', 'group'));
    const other = collect(broker, 'q', 'other');
    for (let n = 0; n < 6; n += 1) broker.publish('q', String(n));
    await delivered();
    expect(members.map(({ seen }) => seen.length).toSorted()).toEqual([2, 2, 2]);
    expect(other.seen).toHaveLength(6);
  });

  it('replies with an empty message if there is no subscriber, unless no reply is wanted', async () => {
    const broker = new MemoryBroker();
    const lengths: number[] = [];
    broker.subscribe('inbox', { callback: (_, message) => void lengths.push(message.data.length) });
    broker.publish('nobody', '1', { reply: 'inbox' });
    broker.publish('nobody', '1');
    await delivered();
    expect(lengths).toEqual([0]);
  });

  it('hands nothing to who has left before delivery, but to who is there', async () => {
    const broker = new MemoryBroker();
    const [leaving, staying] = [collect(broker, 'q', 'group'), collect(broker, 'q', 'group')];
    for (let n = 0; n < 4; n += 1) broker.publish('q', String(n));
    leaving.subscription.unsubscribe();
    await delivered();
    expect([leaving.seen.length, staying.seen.length]).toEqual([0, 4]);
  });
});
