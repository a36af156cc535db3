import { randomUUID } from 'node:crypto';
import type { RequestType } from '@lethe/contracts';
import { withTimeout } from '@lethe/platform';
import type { BusLink } from '../bus-link.js';
import { validPayload } from '../payload.js';
import { decodeReply, encodePacket, type Reply } from './packets.js';
import type { RequestSpans } from './request-spans.js';

/**
 * `no_responders`: there is no responder. `timeout`: there is one, but it did not reply in time. `invalid_reply`: the reply
 * is not from a responder, or breaks the contract. `failed`: the responder threw. `disconnected`: the bus is unavailable.
 */
export type RequestFailure = 'no_responders' | 'timeout' | 'invalid_reply' | 'failed' | 'disconnected';

/** A request over the bus failed. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';
  /** The reason, under the name that log lines use. */
  readonly code: RequestFailure;

  constructor(readonly reason: RequestFailure) {
    super(`request failed: ${reason}`);
    this.code = reason;
  }
}

/** Options of a request. */
export interface RequestOptions {
  timeoutMs: number;
  /** The concrete subject, if the request's own subject has wildcards. */
  subject?: string;
}

/** Sends requests over the bus, at most once. Nothing is retried or stored. */
export class RequestClient {
  /** @param inboxPrefix of the reply subjects */
  constructor(
    private readonly link: BusLink,
    private readonly inboxPrefix: string,
    private readonly spans: RequestSpans,
  ) {}

  /**
   * Sends a request and returns the reply.
   * @throws RequestFailed; RangeError if the request is too long for a message
   */
  async request<Q extends object, R extends object>(
    request: RequestType<Q, R>,
    payload: Q,
    options: RequestOptions,
  ): Promise<R> {
    return this.spans.sending(request.subject, () => this.send(request, payload, options));
  }

  private async send<Q extends object, R extends object>(
    request: RequestType<Q, R>,
    payload: Q,
    { timeoutMs, subject = request.subject }: RequestOptions,
  ): Promise<R> {
    if (!this.link.isConnected()) throw new RequestFailed('disconnected');
    const id = randomUUID();
    const text = encodePacket(subject, payload, id);
    const answer = await this.exchange(subject, text, id, timeoutMs).catch((error: unknown) => {
      throw error instanceof RequestFailed ? error : new RequestFailed('disconnected');
    });
    if ('problem' in answer) throw new RequestFailed(answer.problem);
    const reply = validPayload(request.reply, answer.response);
    if (reply === undefined) throw new RequestFailed('invalid_reply');
    return reply;
  }

  /** Publishes a request with a reply subject of its own, and waits for what arrives there. */
  private async exchange(subject: string, text: string, id: string, timeoutMs: number): Promise<Reply> {
    const connection = await this.link.connection();
    const replied = Promise.withResolvers<Reply>();
    const inbox = `${this.inboxPrefix}.${randomUUID()}`;
    const subscription = connection.subscribe(inbox, {
      callback: (error, message) => {
        const reply = error ? undefined : decodeReply(message, id);
        if (error) replied.reject(error);
        else if (reply) replied.resolve(reply);
      },
    });
    try {
      connection.publish(subject, text, { reply: inbox });
      return await withTimeout(timeoutMs, replied.promise, () => new RequestFailed('timeout'));
    } finally {
      subscription.unsubscribe();
    }
  }
}
