import type { RequestType } from '@lethe/contracts';
import { EmptyResponseException } from '@nestjs/microservices/errors/empty-response.exception.js';
import { catchError, firstValueFrom, timeout, TimeoutError } from 'rxjs';
import type { BusLink } from '../bus-link.js';
import { validPayload } from '../payload.js';
import type { LetheNatsClient } from './lethe-nats-client.js';
import { REPLY_PROBLEM } from './packets.js';
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
  constructor(
    private readonly link: BusLink,
    private readonly client: LetheNatsClient,
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
    const answer$ = this.client.send<unknown>(subject, payload).pipe(
      timeout(timeoutMs),
      catchError((error: unknown) => {
        throw failureOf(error);
      }),
    );
    const reply = validPayload(request.reply, await firstValueFrom(answer$, { defaultValue: undefined }));
    if (reply === undefined) throw new RequestFailed('invalid_reply');
    return reply;
  }
}

function failureOf(error: unknown): Error {
  if (error instanceof RangeError) return error;
  if (error instanceof EmptyResponseException) return new RequestFailed('no_responders');
  if (error instanceof TimeoutError) return new RequestFailed('timeout');
  if (error === REPLY_PROBLEM.foreign) return new RequestFailed('invalid_reply');
  return new RequestFailed(error === REPLY_PROBLEM.failed ? 'failed' : 'disconnected');
}
