import { DeadLetter, type EventType } from '@lethe/contracts';
import { createLogger, Metrics } from '@lethe/platform';
import { IsString } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { EventDeliveries, type EventConsumer } from './event-deliveries.js';
import { EventPublisher } from './event-publisher.js';

const CANARY = 'canary-71aa0c';

class Ping {
  static readonly subject = 'lethe.test.ping.v1';
  @IsString() text!: string;
}

class Recording extends EventPublisher {
  readonly published: { subject: string; event: object; id: string }[] = [];
  override async publish<T extends object>(type: EventType<T>, event: T, { id }: { id: string }): Promise<void> {
    this.published.push({ subject: type.subject, event, id });
  }
}

function setUp(handle: EventConsumer['handle'], type: EventType<object> = Ping) {
  const events = new Recording();
  const lines: string[] = [];
  const metrics = new Metrics();
  const logger = createLogger('test', 'trace', { write: (line) => void lines.push(line) });
  const deliveries = new EventDeliveries(events, [10, 20], logger, metrics);
  const run = (text: string, attempt = 1) =>
    deliveries.run({ name: 'registry-Handler', type, handle }, { id: 'e1', text, attempt });
  return { run, events, lines, metrics };
}

const failing = () => Promise.reject(new Error(CANARY));

describe('EventDeliveries', () => {
  it('hands the validated instance to the handler', async () => {
    const seen: object[] = [];
    const { run, lines } = setUp(async (event) => void seen.push(event));
    expect(await run('{"text":"a","more":1}')).toEqual({ kind: 'done' });
    expect(seen[0]).toBeInstanceOf(Ping);
    expect({ ...seen[0] }).toEqual({ text: 'a' });
    expect(lines).toEqual([]);
  });

  it('asks for another delivery after the pause of this attempt', async () => {
    const { run, events } = setUp(failing);
    expect(await run('{"text":"a"}', 1)).toEqual({ kind: 'retry', delayMs: 10 });
    expect(await run('{"text":"a"}', 2)).toEqual({ kind: 'retry', delayMs: 20 });
    expect(events.published).toEqual([]);
  });

  it.each([
    ['after the last delivery', '{"text":"a"}', 3],
    ['when nobody acknowledged to the end', '{"text":"a"}', 4],
    ['at once when it is no JSON', CANARY, 1],
    ['at once when it breaks its contract', `{"text":{"x":"${CANARY}"}}`, 1],
  ])('gives up %s: a dead letter, a log line and a metric, without content', async (_, text, attempt) => {
    const { run, events, lines, metrics } = setUp(failing);
    expect(await run(text, attempt)).toEqual({ kind: 'dead' });
    expect(events.published).toEqual([
      {
        subject: DeadLetter.subject,
        id: 'dead:registry-Handler:e1',
        event: { subject: Ping.subject, consumer: 'registry-Handler', id: 'e1', at: expect.any(String) },
      },
    ]);
    expect(lines).toHaveLength(1);
    expect(lines.join('')).toContain('Event failed for the last time');
    expect(lines.join('')).not.toContain(CANARY);
    expect(await metrics.registry.metrics()).toContain(
      'lethe_events_total{consumer="registry-Handler",outcome="dead"} 1',
    );
  });

  it('does not run a handler that never acknowledged to the end once more', async () => {
    let runs = 0;
    const { run } = setUp(async () => void (runs += 1));
    await run('{"text":"a"}', 4);
    expect(runs).toBe(0);
  });

  it('writes no dead letter about dead letters', async () => {
    const { run, events } = setUp(failing, DeadLetter);
    expect(await run('{}')).toEqual({ kind: 'dead' });
    expect(events.published).toEqual([]);
  });
});
