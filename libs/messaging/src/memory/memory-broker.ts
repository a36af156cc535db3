import type { CoreCallback, CoreConnection, CoreMessage, CoreSubscription } from '../core-connection.js';
import { MemoryEvents } from './memory-events.js';
import { MemorySnapshots } from './memory-snapshots.js';
import { matchesSubject } from './subject-match.js';

interface Subscriber {
  pattern: string;
  queue: string | undefined;
  callback: CoreCallback;
}

interface Envelope {
  reply?: string;
  headers?: unknown;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * The bus inside one process: core NATS semantics (wildcards, queue groups, reply subjects, an empty reply if there is no
 * subscriber), and the storage of durable events and snapshots. Nothing outlives the process.
 */
export class MemoryBroker implements CoreConnection {
  readonly events = new MemoryEvents();
  readonly snapshots = new MemorySnapshots();
  private readonly subscribers = new Set<Subscriber>();
  private turn = 0;

  subscribe(pattern: string, options: { queue?: string; callback: CoreCallback }): CoreSubscription {
    const subscriber = { pattern, queue: options.queue, callback: options.callback };
    this.subscribers.add(subscriber);
    const unsubscribe = (): void => void this.subscribers.delete(subscriber);
    return { unsubscribe, drain: () => Promise.resolve(unsubscribe()) };
  }

  /** Delivers in a later turn of the event loop, as over a network. Recipients are chosen at delivery. */
  publish(subject: string, data: string, options: Envelope = {}): void {
    const bytes = encoder.encode(data);
    setImmediate(() => this.route(subject, bytes, options));
  }

  async flush(): Promise<void> {
    await Promise.resolve();
  }

  private route(subject: string, data: Uint8Array, options: Envelope): void {
    const receivers = this.receiversOf(subject);
    for (const { callback } of receivers) callback(null, this.message(subject, data, options));
    if (receivers.length === 0 && options.reply !== undefined) this.publish(options.reply, '');
  }

  /** All subscribers without a queue group, and one member of each group in turn. */
  private receiversOf(subject: string): Subscriber[] {
    const groups = new Map<string, Subscriber[]>();
    const receivers: Subscriber[] = [];
    for (const subscriber of this.subscribers) {
      if (!matchesSubject(subscriber.pattern, subject)) continue;
      if (subscriber.queue === undefined) receivers.push(subscriber);
      else groups.set(subscriber.queue, [...(groups.get(subscriber.queue) ?? []), subscriber]);
    }
    for (const members of groups.values()) {
      this.turn += 1;
      const chosen = members[this.turn % members.length];
      if (chosen) receivers.push(chosen);
    }
    return receivers;
  }

  private message(subject: string, data: Uint8Array, options: Envelope): CoreMessage {
    const { reply, headers } = options;
    return {
      subject,
      data,
      reply,
      headers,
      json: (): unknown => JSON.parse(decoder.decode(data)),
      respond: (answer, answerOptions) => {
        if (reply !== undefined) this.publish(reply, answer, answerOptions);
        return reply !== undefined;
      },
    };
  }
}
