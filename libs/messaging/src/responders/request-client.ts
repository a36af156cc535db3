import type { RequestType } from '@lethe/contracts';
import { EmptyResponseException } from '@nestjs/microservices/errors/empty-response.exception.js';
import { catchError, firstValueFrom, timeout, TimeoutError } from 'rxjs';
import type { BusLink } from '../bus-link.js';
import { validPayload } from '../payload.js';
import type { LetheNatsClient } from './lethe-nats-client.js';
import { REPLY_PROBLEM } from './packets.js';

/**
 * `no_responders`: nobody listens. `timeout`: somebody listens and did not answer in time. `invalid_reply`: something
 * else than a responder answered, or against the contract. `failed`: the responder threw. `disconnected`: the bus is away.
 */
export type RequestFailure = 'no_responders' | 'timeout' | 'invalid_reply' | 'failed' | 'disconnected';

export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';
  /** For log lines: the closed reason. */
  readonly code: RequestFailure;

  constructor(readonly reason: RequestFailure) {
    super(`request failed: ${reason}`);
    this.code = reason;
  }
}

export interface AskOptions {
  timeoutMs: number;
  /** Where to, when the request's own subject is a wildcard. */
  subject?: string;
}

/** Asks over the bus, at most once; nothing is retried or stored. */
export class RequestClient {
  constructor(
    private readonly link: BusLink,
    private readonly client: LetheNatsClient,
  ) {}

  /** @throws RequestFailed with a closed reason; RangeError when the request is longer than a message may be */
  async ask<Q extends object, R extends object>(
    request: RequestType<Q, R>,
    payload: Q,
    { timeoutMs, subject = request.subject }: AskOptions,
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
