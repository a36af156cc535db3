import type { Authenticator, Caller } from '../auth/authenticator.js';
import type { Routes } from '../routes/snapshot/routes.js';

/** How often a caller is identified again, so that an expired key or token ends its streams. */
export const RECHECK_MS = 15_000;

/** The request that opened the stream. */
type StreamRequest = Parameters<Authenticator['identify']>[0] & { readonly caller: Pick<Caller, 'keyId'> };

/**
 * Keeps streams open: identifies their callers again, follows changes of virtual servers, and ends all streams when
 * this replica ends.
 */
export class OpenStreams {
  private readonly replicaEnds = new AbortController();

  constructor(
    private readonly authenticator: Pick<Authenticator, 'identify'>,
    private readonly routes: Pick<Routes, 'onChange' | 'onKeyChange'>,
  ) {}

  /** Aborts when this replica ends. */
  get closing(): AbortSignal {
    return this.replicaEnds.signal;
  }

  /** Ends every open stream: clients open them again at another replica. */
  close(): void {
    this.replicaEnds.abort();
  }

  /**
   * Resolves when `signal` aborts. Until then `update` is called at once, after each change of the virtual server or of the
   * caller's key, and every `RECHECK_MS`, with the caller as identified now; undefined when it may not listen any more.
   */
  async keepOpen(
    request: StreamRequest,
    signal: AbortSignal,
    update: (caller: Caller | undefined) => void,
  ): Promise<void> {
    const check = async (): Promise<void> => {
      const caller = await this.identify(request);
      if (!signal.aborted) update(caller);
    };
    const { keyId } = request.caller;
    const unsubscribe = [
      this.routes.onChange(request.slug, () => void check()),
      ...(keyId === undefined ? [] : [this.routes.onKeyChange(keyId, () => void check())]),
    ];
    const timer = setInterval(() => void check(), RECHECK_MS);
    // The server may have changed while the stream was being opened.
    await check();
    await aborted(signal);
    clearInterval(timer);
    for (const stop of unsubscribe) stop();
  }

  private async identify(request: StreamRequest): Promise<Caller | undefined> {
    try {
      return await this.authenticator.identify(request);
    } catch {
      return undefined;
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
