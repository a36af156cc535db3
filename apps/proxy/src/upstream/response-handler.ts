import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { contentCodings } from '@lethe/egress';
import { type Done, promisify } from '@lethe/platform';
import type { DpopProofs } from '../credentials/dpop-proofs.js';
import type { BodyReader } from './body-reader.js';
import { DecodedBody } from './decoded-body.js';
import { KeptGuard } from './kept-guard.js';
import type { UpstreamRequest } from './upstream-client.js';

/** Chooses the reader of a response by its head. An error that is thrown here rejects the response. */
export type ChooseReader = (status: number, headers: IncomingHttpHeaders) => BodyReader;

/** Lethe aborted the upstream request. */
export class Aborted extends Error {
  override readonly name = 'Aborted';
}

/**
 * Handles one upstream request and its response for undici's dispatcher. Passes on the body chunk by chunk, decoded if it
 * came with a content coding, and pauses the upstream while the client reads too slowly. Calls `done` once.
 */
export class ResponseHandler implements Dispatcher.DispatchHandler {
  private reader: BodyReader | undefined;
  private decodedBody: DecodedBody | undefined;
  private isSettled = false;
  private controller: Dispatcher.DispatchController | undefined;

  constructor(
    private readonly choose: ChooseReader,
    private readonly done: Done,
  ) {}

  /** Ends the request with `Aborted`. If it was not sent yet, it is never sent. */
  readonly abort = (): void => {
    this.fail(new Aborted('aborted'));
    this.controller?.abort(new Aborted('aborted'));
  };

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.isSettled) controller.abort(new Aborted('aborted'));
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    try {
      if (headers['content-encoding'] === undefined) this.reader = this.choose(status, headers);
      else this.chooseDecoded(controller, status, headers);
    } catch (error) {
      this.abortWith(controller, error);
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const { reader } = this;
    try {
      if (!reader || reader.data(chunk)) return;
      controller.pause();
      reader.onDrain?.(() => controller.resume());
    } catch (error) {
      this.abortWith(controller, error);
    }
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    try {
      this.reader?.end();
    } catch (error) {
      return this.abortWith(controller, error);
    }
    if (!this.decodedBody) this.settle();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }

  /** The upstream used a content coding although none was asked for, as some servers and intermediaries do. */
  private chooseDecoded(
    controller: Dispatcher.DispatchController,
    status: number,
    { 'content-encoding': coding, 'content-length': length, ...headers }: IncomingHttpHeaders,
  ): void {
    const codings = contentCodings(coding);
    if (codings.length === 0) {
      this.reader = this.choose(status, length === undefined ? headers : { ...headers, 'content-length': length });
      return;
    }
    const reader = this.choose(status, headers);
    this.reader = this.decodedBody = new DecodedBody(codings, reader, (error) => {
      if (error === undefined) this.settle();
      else this.abortWith(controller, error);
    });
  }

  /** Ends the request and the upstream's response with an error of Lethe's own. */
  private abortWith(controller: Dispatcher.DispatchController, error: unknown): void {
    this.fail(error);
    controller.abort(new Aborted('aborted'));
  }

  private fail(error: unknown): void {
    this.decodedBody?.close();
    this.settle(error);
  }

  private settle(error?: unknown): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.done(error);
  }
}

/** Sends one request and resolves when its response was read to the end. */
export async function sendRequest(
  dispatcher: Dispatcher,
  request: UpstreamRequest & { bodyTimeout?: number },
  choose: ChooseReader,
  signal?: AbortSignal,
): Promise<void> {
  let abort: (() => void) | undefined;
  try {
    const abortable = (given: () => void): void => {
      abort = given;
      if (signal?.aborted) given();
      else signal?.addEventListener('abort', given, { once: true });
    };
    await promisify((done) => dispatch(dispatcher, request, choose, abortable, done));
  } finally {
    if (abort) signal?.removeEventListener('abort', abort);
  }
}

/**
 * As `sendRequest`, for the hot path: creates no promise, and passes the abort function to `abortable` before the request is sent.
 */
export function dispatch(
  dispatcher: Dispatcher,
  request: UpstreamRequest & { bodyTimeout?: number },
  choose: ChooseReader,
  abortable: (abort: () => void) => void,
  done: Done,
): void {
  const { secrets, proofs } = request;
  const chosen = proofs ? watched(choose, proofs) : choose;
  const handler = new ResponseHandler(secrets ? guarded(chosen, secrets) : chosen, done);
  abortable(handler.abort);
  dispatcher.dispatch(request, handler);
}

function guarded(choose: ChooseReader, secrets: readonly Buffer[]): ChooseReader {
  return (status, headers) => new KeptGuard(secrets, choose(status, headers));
}

function watched(choose: ChooseReader, proofs: DpopProofs): ChooseReader {
  return (status, headers) => {
    proofs.noteNonce(status, headers['dpop-nonce']);
    return choose(status, headers);
  };
}
