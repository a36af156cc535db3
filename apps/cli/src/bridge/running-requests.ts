import type { RpcId, RpcRequest } from '@lethe/mcp';
import { listens } from './listen-relay.js';
import { isModern } from './told-text.js';

/** A request of the client that has no response yet. */
export interface RunningRequest {
  readonly request: RpcRequest;
  readonly ended: AbortController;
  readonly isModern: boolean;
}

/** The requests of a client that have no response yet. */
export class RunningRequests {
  private readonly byId = new Map<RpcId, RunningRequest>();
  private onEmpty: (() => void) | undefined;

  begin(request: RpcRequest): RunningRequest {
    const running = { request, ended: new AbortController(), isModern: isModern(request) };
    this.byId.set(request.id, running);
    return running;
  }

  end(running: RunningRequest): void {
    const { id } = running.request;
    if (this.byId.get(id) === running) this.byId.delete(id);
    if (this.byId.size === 0) this.onEmpty?.();
  }

  /** @param id as the client wrote it, which may be no id */
  get(id: unknown): RunningRequest | undefined {
    return typeof id === 'string' || typeof id === 'number' ? this.byId.get(id) : undefined;
  }

  /** Waits for the requests that end by themselves. */
  async settled(signal: AbortSignal): Promise<void> {
    for (const running of [...this.byId.values()]) {
      if (listens(running.request)) running.ended.abort();
    }
    await new Promise<void>((resolve) => {
      this.onEmpty = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
      if (this.byId.size === 0 || signal.aborted) resolve();
    });
  }

  abortAll(): void {
    for (const { ended } of this.byId.values()) ended.abort();
  }
}
