import { describe, expect, it } from 'vitest';
import { MemoryEvents } from './memory-events.js';

describe('MemoryEvents', () => {
  const open = (events: MemoryEvents, name: string) => {
    const seen: string[] = [];
    return { seen, close: events.open(name, 's', ({ text }) => void seen.push(text)) };
  };
  const store = (events: MemoryEvents, id: string, subject = 's') => events.store({ id, subject, text: id });

  it('hands each event once to each consumer, from the beginning', () => {
    const events = new MemoryEvents();
    store(events, '1');
    const one = open(events, 'one');
    store(events, '1');
    store(events, '2');
    store(events, 'x', 'other');
    const two = open(events, 'two');
    expect([one.seen, two.seen]).toEqual([
      ['1', '2'],
      ['1', '2'],
    ]);
  });

  it('shares events among the replicas of one consumer', () => {
    const events = new MemoryEvents();
    const [a, b] = [open(events, 'one'), open(events, 'one')];
    for (const id of ['1', '2', '3', '4']) store(events, id);
    expect([a.seen.length, b.seen.length]).toEqual([2, 2]);
  });

  it('keeps the events of a consumer without replicas', () => {
    const events = new MemoryEvents();
    open(events, 'one').close();
    store(events, '1');
    store(events, '2');
    expect(open(events, 'one').seen).toEqual(['1', '2']);
  });

  it('forgets old events for consumers that appear late, so that it does not grow for ever', () => {
    const events = new MemoryEvents();
    for (let n = 0; n < 1_000; n += 1) store(events, String(n));
    expect(open(events, 'late').seen).toHaveLength(200);
  });
});
