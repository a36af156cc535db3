import type { CoreCallback, CoreConnection, CoreMessage, CoreSubscription } from '../core-connection.js';
import { MemoryEvents } from './memory-events.js';
import { MemorySnapshots } from './memory-snapshots.js';
import { matchesSubject } from './subject-match.js';

interface Subscriber {
  pattern: string;
  queue: string | undefined;
  callback: CoreCallback;
}

const NO_BYTES = new Uint8Array();
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * The bus of one process: core NATS semantics (wildcards, queue groups, reply subjects, an empty reply when nobody
 * listens), and what durable events and snapshots need. Nothing outlives the process.
 */
export class MemoryBroker implements CoreConnection {
  readonly events = new MemoryEvents();
  readonly snapshots = new MemorySnapshots();
  private readonly subscribers = new Set<Subscriber>();
  private turn = 0;

  subscribe(pattern: string, options: { queue?: string; callback: CoreCallback }): CoreSubscription {
    const subscriber = { pattern, queue: options.queue, callback: options.callback };
    this.subscribers.add(subscriber);
    return { unsubscribe: () => void this.subscribers.delete(subscriber) };
  }

  publish(subject: string, data: string, options: { reply?: string; headers?: unknown } = {}): void {
    const receivers = this.receiversOf(subject);
    const bytes = encoder.encode(data);
    if (receivers.length === 0 && options.reply !== undefined) return this.answerNobody(options.reply);
    for (const receiver of receivers) this.deliver(receiver, this.message(subject, bytes, options));
  }

  async flush(): Promise<void> {
    await Promise.resolve();
  }

  /** Everybody outside a queue group, and one of each group in turn. */
  private receiversOf(subject: string): Subscriber[] {
    const groups = new Map<string, Subscriber[]>();
    const receivers: Subscriber[] = [];
    for (const subscriber of this.subscribers) {
      if (!matchesSubject(subscriber.pattern, subject)) continue;
      if (subscriber.queue === undefined) receivers.push(subscriber);
      else groups.set(subscriber.queue, [...(groups.get(subscriber.queue) ?? []), subscriber]);
    }
    this.turn += 1;
    for (const members of groups.values()) {
      const chosen = members[this.turn % members.length];
      if (chosen) receivers.push(chosen);
    }
    return receivers;
  }

  private answerNobody(reply: string): void {
    for (const receiver of this.receiversOf(reply)) this.deliver(receiver, this.message(reply, NO_BYTES, {}));
  }

  /** Never in the publisher's own turn, as over a network; not to somebody who has left meanwhile. */
  private deliver(receiver: Subscriber, message: CoreMessage): void {
    setImmediate(() => {
      if (this.subscribers.has(receiver)) receiver.callback(null, message);
    });
  }

  private message(subject: string, data: Uint8Array, options: { reply?: string; headers?: unknown }): CoreMessage {
    const { reply, headers } = options;
    return {
      subject,
      data,
      reply,
      headers,
      json: <T>(): T => JSON.parse(decoder.decode(data)),
      respond: (answer, answerOptions) => {
        if (reply !== undefined) this.publish(reply, answer, answerOptions);
        return reply !== undefined;
      },
    };
  }
}
