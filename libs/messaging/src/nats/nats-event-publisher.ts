import { EVENT_STREAM, type EventType } from '@lethe/contracts';
import { jetstream } from '@nats-io/jetstream';
import { backOffMs, LetheError, sleep } from '@lethe/platform';
import { EventPublisher } from '../events/event-publisher.js';
import { encodePayload } from '../payload.js';
import { ensureEventStream } from './event-stream.js';
import type { NatsLink } from './nats-link.js';
import { JETSTREAM_TIMEOUT_MS, NATS_RETRY } from './retry.js';

/** Stores events in JetStream. An event is stored when the server has acknowledged it. */
export class NatsEventPublisher extends EventPublisher {
  constructor(
    private readonly link: NatsLink,
    private readonly timeoutMs: number,
    private readonly replicas: number,
  ) {
    super();
  }

  async publish<T extends object>(type: EventType<T>, event: T, { id }: { id: string }): Promise<void> {
    const text = encodePayload(event);
    const overdue = AbortSignal.timeout(this.timeoutMs);
    let cause: unknown;
    for (let attempt = 0; !overdue.aborted; attempt += 1) {
      try {
        return await this.store(type.subject, text, id);
      } catch (error) {
        cause = error;
        await sleep(backOffMs(attempt, NATS_RETRY), { signal: overdue });
      }
    }
    throw new LetheError('bus_unavailable', {}, { cause });
  }

  /** The id is sent as `Nats-Msg-Id`, so an event whose acknowledgement was lost is not stored again. */
  private async store(subject: string, text: string, id: string): Promise<void> {
    if (!this.link.isConnected()) throw new LetheError('bus_unavailable');
    const connection = await this.link.connection();
    const options = { msgID: id, timeout: JETSTREAM_TIMEOUT_MS, expect: { streamName: EVENT_STREAM.name } };
    try {
      await jetstream(connection).publish(subject, text, options);
    } catch (error) {
      await ensureEventStream(connection, this.replicas);
      throw error;
    }
  }
}
