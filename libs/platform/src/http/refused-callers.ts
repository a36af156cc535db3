import type { Socket } from 'node:net';
import type { Logger } from '../logging/logger.js';
import type { Metrics } from '../ops/metrics.js';
import { TrustedProxies } from './trusted-proxies.js';

/** Whoever guesses keys fast must not fill the disk. The metric counts all of them. */
const LINES_PER_SECOND = 10;

/** What is read of a refused request. */
export interface RefusedRequest {
  readonly socket: Pick<Socket, 'remoteAddress'>;
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[];
}

/** Logs and counts requests that were answered with 401: why, and where they came from. Nothing of what was sent. */
export class RefusedCallers {
  private readonly counter;
  private readonly trusted: TrustedProxies;
  private second = 0;
  private lines = 0;

  constructor(
    service: 'registry' | 'proxy',
    trustedProxies: readonly string[],
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    const help = 'Requests without a key or token that is valid here';
    this.trusted = new TrustedProxies(trustedProxies);
    this.counter = metrics.counter(`lethe_${service}_callers_refused_total`, help, ['why']);
  }

  /** @param why one of a closed list */
  record(request: RefusedRequest, why: string, nowMs = performance.now()): void {
    this.counter.inc({ why });
    if (!this.mayLog(Math.floor(nowMs / 1000))) return;
    this.logger.info({ address: this.addressOf(request), reason: why }, 'Caller refused');
  }

  /** Where a request comes from. */
  addressOf({ socket, rawHeaders }: RefusedRequest): string {
    return this.trusted.callerOf(socket.remoteAddress ?? '', rawHeaders);
  }

  private mayLog(second: number): boolean {
    if (second !== this.second) this.lines = 0;
    this.second = second;
    this.lines += 1;
    return this.lines <= LINES_PER_SECOND;
  }
}
