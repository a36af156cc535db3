import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';

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
    private readonly resolve: () => void,
    private readonly reject: (reason: unknown) => void,
    private readonly signal?: AbortSignal,
  ) {
    if (signal?.aborted) this.abort();
    else signal?.addEventListener('abort', this.abort, { once: true });
  }

  /** Also before the request was sent: then it never is. */
  private readonly abort = (): void => {
    this.settle(() => this.reject(new Aborted('aborted')));
    this.controller?.abort(new Aborted('aborted'));
  };

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.isSettled) controller.abort(new Aborted('aborted'));
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    this.guarded(controller, () => (this.reader = this.choose(status, headers)));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.guarded(controller, () => {
      const { reader } = this;
      if (!reader || reader.data(chunk)) return;
      controller.pause();
      reader.onDrain?.(() => controller.resume());
    });
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    this.guarded(controller, () => this.reader?.end());
    this.settle(this.resolve);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.settle(() => this.reject(error));
  }

  /** What goes wrong on our side ends the upstream's answer too. */
  private guarded(controller: Dispatcher.DispatchController, step: () => void): void {
    try {
      step();
    } catch (error) {
      this.settle(() => this.reject(error));
      controller.abort(new Aborted('refused'));
    }
  }

  private settle(how: () => void): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.signal?.removeEventListener('abort', this.abort);
    how();
  }
}

/** Sends one request and resolves when its answer was read to the end. */
export function send(
  dispatcher: Dispatcher,
  request: { method: 'GET' | 'POST' | 'DELETE'; path: string; headers: string[]; body: Buffer | null },
  choose: ChooseReader,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const handler = new ResponseHandler(choose, resolve, reject, signal);
    dispatcher.dispatch({ ...request, idempotent: false }, handler);
  });
}
