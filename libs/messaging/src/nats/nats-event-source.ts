import { EVENT_STREAM } from '@lethe/contracts';
import { backOffMs, type Logger, sleep } from '@lethe/platform';
import {
  AckPolicy,
  type Consumer,
  type ConsumerMessages,
  DeliverPolicy,
  jetstream,
  JetStreamApiError,
  type JetStreamManager,
  type JsMsg,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { BusTiming } from '../bus-options.js';
import type { EventConsumer, EventDeliveries } from '../events/event-deliveries.js';
import { EventSource } from '../events/event-source.js';
import { ensureEventStream } from './event-stream.js';
import type { NatsLink } from './nats-link.js';
import { NATS_RETRY } from './retry.js';

const BATCH = 4;
/** A consumer whose server has ended is noticed when two of these are missing. */
const HEARTBEAT_MS = 2_000;

/** Durable pull consumers, one per handler, shared by a service's replicas. They are created again if the stream was deleted. */
export class NatsEventSource extends EventSource {
  private readonly ended = new AbortController();
  private readonly handling = new Set<Promise<void>>();
  private readonly fetches = new Set<ConsumerMessages>();

  constructor(
    private readonly link: NatsLink,
    private readonly deliveries: EventDeliveries,
    private readonly timing: Required<Pick<BusTiming, 'ackWaitMs' | 'fetchMs'>>,
    private readonly replicas: number,
    private readonly logger: Logger | undefined,
  ) {
    super();
    // A fetch that was running when the connection broke would wait for a response that can't arrive.
    link.onReconnect(() => this.interrupt());
  }

  /** Deliveries begin when the stream and the consumer exist, and so not before the bus is available. */
  async consume(consumer: EventConsumer): Promise<void> {
    void this.deliverUntilEnd(consumer);
  }

  /** Waits only for handlers: other work may wait for a bus that is unavailable. */
  async stop(): Promise<void> {
    this.ended.abort();
    this.interrupt();
    await Promise.allSettled(this.handling);
  }

  private interrupt(): void {
    for (const fetch of this.fetches) fetch.stop();
  }

  private async deliverUntilEnd(consumer: EventConsumer): Promise<void> {
    for (let failures = 0; !this.ended.signal.aborted; failures += 1) {
      try {
        const source = await this.open(consumer);
        failures = 0;
        while (!this.ended.signal.aborted) await this.handleBatch(source, consumer);
      } catch (error) {
        if (this.ended.signal.aborted) return;
        this.logger?.warn({ consumer: consumer.name, err: error }, 'Events can not be received now');
        await sleep(backOffMs(failures, NATS_RETRY), { signal: this.ended.signal });
      }
    }
  }

  private async open(consumer: EventConsumer): Promise<Consumer> {
    const connection = await this.link.connection();
    const manager = await ensureEventStream(connection, this.replicas);
    await this.ensureConsumer(manager, consumer);
    return jetstream(connection).consumers.get(EVENT_STREAM.name, consumer.name);
  }

  /** Keeps an existing consumer of the same events: some of its settings can't be changed. */
  private async ensureConsumer(manager: JetStreamManager, { name, type }: EventConsumer): Promise<void> {
    const config = {
      durable_name: name,
      filter_subject: type.subject,
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(this.timing.ackWaitMs),
      deliver_policy: DeliverPolicy.All,
    };
    try {
      await manager.consumers.add(EVENT_STREAM.name, config);
    } catch (error) {
      if (!(error instanceof JetStreamApiError)) throw error;
      const existing = await manager.consumers.info(EVENT_STREAM.name, name);
      if (existing.config.filter_subject !== type.subject) throw error;
    }
  }

  private async handleBatch(source: Consumer, consumer: EventConsumer): Promise<void> {
    const { fetchMs } = this.timing;
    const idle_heartbeat = Math.min(HEARTBEAT_MS, fetchMs / 2);
    const fetch = await source.fetch({ max_messages: BATCH, expires: fetchMs, idle_heartbeat });
    this.fetches.add(fetch);
    try {
      for await (const message of fetch) {
        const handling = this.handle(message, consumer);
        this.handling.add(handling);
        await handling.finally(() => this.handling.delete(handling));
      }
    } finally {
      this.fetches.delete(fetch);
    }
  }

  private async handle(message: JsMsg, consumer: EventConsumer): Promise<void> {
    if (this.ended.signal.aborted) return message.nak();
    const id = message.headers?.get('Nats-Msg-Id') || `${message.info.stream}:${message.seq}`;
    const alive = setInterval(() => message.working(), this.timing.ackWaitMs / 3);
    try {
      const delivery = { id, text: message.string(), attempt: message.info.deliveryCount };
      const verdict = await this.deliveries.run(consumer, delivery);
      if (verdict.kind === 'done') message.ack();
      else if (verdict.kind === 'retry') message.nak(verdict.delayMs);
      else message.term();
    } finally {
      clearInterval(alive);
    }
  }
}
