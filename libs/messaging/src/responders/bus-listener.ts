import type { NoticeType, RequestType } from '@lethe/contracts';
import type { Logger } from '@lethe/platform';
import type { BusLink } from '../bus-link.js';
import type { CoreConnection, CoreMessage, CoreSubscription } from '../core-connection.js';
import { validPayload } from '../payload.js';
import { encodeFailure, encodeReply, RequestDeserializer } from './packets.js';
import type { RequestSpans } from './request-spans.js';

interface Listened {
  readonly subject: string;
  /** The subject with its wildcards, for spans. */
  readonly template: string;
  readonly queue?: string;
  /** @returns the text of the reply; of a notice none */
  readonly handle: (data: unknown, id: string | undefined) => Promise<string | undefined>;
}

/**
 * Receives notices and requests as `LetheNatsServer` does, in the same wire form, without Nest: for a service whose parts are
 * assembled by hand. Add all handlers before `listen`.
 */
export class BusListener {
  private readonly listened: Listened[] = [];
  private readonly subscriptions = new Set<CoreSubscription>();
  private readonly running = new Set<Promise<void>>();
  private readonly packets = new RequestDeserializer();
  private isClosed = false;

  constructor(
    private readonly link: BusLink,
    private readonly spans: RequestSpans,
    private readonly log: Logger,
  ) {}

  /** Calls `handle` with each notice of this kind that keeps its contract. */
  onNotice<T extends object>(notice: NoticeType<T>, handle: (notice: T) => void | Promise<void>): void {
    const { subject } = notice;
    const handleData = async (data: unknown): Promise<undefined> => {
      await handle(payloadOf(notice, data));
    };
    this.listened.push({ subject, template: subject, handle: handleData });
  }

  /** Makes `handle` the responder of a request. `subject` may contain wildcards. */
  respond<Q extends object, R extends object>(
    request: RequestType<Q, R>,
    subject: string,
    handle: (payload: Q) => Promise<R>,
  ): void {
    const reply = async (data: unknown, id: string | undefined): Promise<string | undefined> => {
      const response = await handle(payloadOf(request, data));
      return id === undefined ? undefined : encodeReply(id, response);
    };
    this.listened.push({ subject, template: request.subject, queue: request.queue, handle: reply });
  }

  /** Starts immediately. If the bus is unavailable, the subscriptions follow later. */
  async listen(): Promise<void> {
    const bound = this.link.connection().then((connection) => this.bind(connection));
    bound.catch((error: unknown) => this.log.error({ err: error }, 'Responders could not be subscribed'));
    await Promise.race([bound, this.link.connectedOrTimedOut()]);
  }

  /** Ends all subscriptions and waits for what runs. The application itself closes the link, last. */
  async close(): Promise<void> {
    this.isClosed = true;
    const ends = [...this.subscriptions].map((subscription) => subscription.drain().catch(this.failed));
    await Promise.all(ends);
    await Promise.all(this.running);
  }

  private async bind(connection: CoreConnection): Promise<void> {
    if (this.isClosed) return;
    for (const each of this.listened) this.subscribe(connection, each);
    await connection.flush();
  }

  private subscribe(connection: CoreConnection, listened: Listened): void {
    const { subject, template, queue } = listened;
    const subscription = connection.subscribe(subject, {
      ...(queue !== undefined && { queue }),
      callback: (error, message) => {
        if (error) return this.failed(error);
        const run = this.spans.answering(template, message, () => this.answer(listened, message)).catch(this.failed);
        this.running.add(run);
        void run.finally(() => this.running.delete(run));
      },
    });
    this.subscriptions.add(subscription);
  }

  /** @throws what the handler threw, when the other side knows that it failed */
  private async answer({ subject, handle }: Listened, message: CoreMessage): Promise<void> {
    const { data, id } = this.packets.deserialize(message, { channel: subject });
    try {
      const reply = await handle(data, id);
      if (reply !== undefined) message.respond(reply);
    } catch (error) {
      if (id !== undefined) message.respond(encodeFailure(id));
      throw error;
    }
  }

  /** Errors thrown here may quote the message. */
  private readonly failed = (error: unknown): void => {
    this.log.error(error instanceof Error ? { err: error } : {}, 'A message could not be handled');
  };
}

/** @throws Error if it breaks its contract */
function payloadOf<T extends object>(type: new () => T, data: unknown): T {
  const payload = validPayload(type, data);
  if (payload === undefined) throw new Error(`${type.name} breaks its contract`);
  return payload;
}
