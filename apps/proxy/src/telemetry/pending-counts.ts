import type { Metrics } from '@lethe/platform';
import type { SeenUpstreams } from './seen-gateways.js';

/** Outcomes of calls whose upstream has answered: a refusal of the credential shows that it lives, too. */
const ANSWERED: ReadonlySet<string> = new Set([
  ...['ok', 'upstream_rejected_credential', 'kept_credential_rejected', 'upstream_rate_limited'],
]);
const FAILED: ReadonlySet<string> = new Set(['upstream_unreachable', 'upstream_unavailable']);

/** Calls of one series that have not been added to the counter yet. */
export interface PendingCount {
  calls: number;
  /** Calls that were added to it. */
  counted: number;
  /** Calls that were reported of the gateway. */
  reported: number;
  readonly gateway: string;
  readonly outcome: string;
  readonly counter: { inc(calls: number): void };
}

/** Calls by the labels of their counter, which are added to it when metrics are read: label look-ups are too slow for every call. */
export class PendingCounts {
  private readonly counter;
  /** Its size is bounded, as the counter's own number of series is. */
  private readonly pending = new Map<string, PendingCount>();
  /** Gateways whose upstreams asked for a credential, since the last report. */
  private asking = new Set<string>();

  constructor(metrics: Metrics) {
    const labels = ['method', 'gateway', 'outcome'] as const;
    const collect = (): void => this.count();
    this.counter = metrics.counter('lethe_proxy_calls_total', 'Messages of MCP clients', labels, collect);
  }

  of(method: string, gateway: string, outcome: string): PendingCount {
    const key = `${method} ${gateway} ${outcome}`;
    const known = this.pending.get(key);
    if (known) return known;
    const counts = { calls: 0, counted: 0, reported: 0, gateway, outcome };
    const pending = { ...counts, counter: this.counter.labels({ method, gateway, outcome }) };
    this.pending.set(key, pending);
    return pending;
  }

  /** The upstream of a gateway has asked for a credential. */
  noteAsking(gateway: string): void {
    this.asking.add(gateway);
  }

  /** Which gateways' upstreams have answered or failed since the last time. Read from the counts: it costs a call nothing. */
  takeSeen(): SeenUpstreams {
    const seen = { answered: this.asking, failed: new Set<string>() };
    this.asking = new Set();
    for (const pending of this.pending.values()) {
      const total = pending.counted + pending.calls;
      if (total === pending.reported) continue;
      pending.reported = total;
      const { gateway, outcome } = pending;
      if (gateway !== '' && ANSWERED.has(outcome)) seen.answered.add(gateway);
      if (gateway !== '' && FAILED.has(outcome)) seen.failed.add(gateway);
    }
    return { answered: [...seen.answered], failed: [...seen.failed] };
  }

  private count(): void {
    for (const pending of this.pending.values()) {
      if (pending.calls > 0) pending.counter.inc(pending.calls);
      pending.counted += pending.calls;
      pending.calls = 0;
    }
  }
}
