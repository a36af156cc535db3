import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { type Done, promisify } from '../http/completion.js';
import type { UpstreamRequest } from './upstream-request.js';

/** Takes one answer's body. Throwing ends the exchange with the upstream. */
export interface BodyReader {
  /** False when no more can be taken now: `onDrain` says when. */
  data(chunk: Buffer): boolean;
  onDrain?(resume: () => void): void;
  /** The body is whole. */
  end(): void;
}

/** Chooses who reads an answer, by its head; throwing refuses it. */
export type ChooseReader = (status: number, headers: IncomingHttpHeaders) => BodyReader;

/** The other side's signal ended the exchange. */
export class Aborted extends Error {
  override readonly name = 'Aborted';
}

/**
 * One exchange with an upstream as undici sees it: hands the body on chunk by chunk and holds the upstream back while the
 * client is slower. Settles once.
 */
export class ResponseHandler implements Dispatcher.DispatchHandler {
  private reader: BodyReader | undefined;
  private isSettled = false;
  private controller: Dispatcher.DispatchController | undefined;

  constructor(
    private readonly choose: ChooseReader,
    private readonly done: Done,
  ) {}

  /** Ends the exchange with `Aborted`, also before the request was sent: then it never is. */
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
      this.reader = this.choose(status, headers);
    } catch (error) {
      this.refuse(controller, error);
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const { reader } = this;
    try {
      if (!reader || reader.data(chunk)) return;
      controller.pause();
      reader.onDrain?.(() => controller.resume());
    } catch (error) {
      this.refuse(controller, error);
    }
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    try {
      this.reader?.end();
    } catch (error) {
      return this.refuse(controller, error);
    }
    if (this.isSettled) return;
    this.isSettled = true;
    this.done();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }

  /** What goes wrong on our side ends the upstream's answer too. */
  private refuse(controller: Dispatcher.DispatchController, error: unknown): void {
    this.fail(error);
    controller.abort(new Aborted('refused'));
  }

  private fail(error: unknown): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.done(error);
  }
}

/** Sends one request and resolves when its answer was read to the end. */
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

/** As `sendRequest`, for the hot path: what ends the exchange is handed out before the request leaves, and no promise is made. */
export function dispatch(
  dispatcher: Dispatcher,
  request: UpstreamRequest & { bodyTimeout?: number },
  choose: ChooseReader,
  abortable: (abort: () => void) => void,
  done: Done,
): void {
  const handler = new ResponseHandler(choose, done);
  abortable(handler.abort);
  dispatcher.dispatch(request, handler);
}
