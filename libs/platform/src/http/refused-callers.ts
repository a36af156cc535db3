import { LRUCache } from 'lru-cache';
import type { Logger } from '../logging/logger.js';
import type { Metrics } from '../ops/metrics.js';
import { type AddressedRequest, CallerAddresses } from './caller-addresses.js';
import { networkOf } from './network-of.js';

/** Whoever guesses keys from many addresses must not fill the disk. The metric counts all of them. */
const LINES_PER_SECOND = 10;
/** What an address repeats is summed up in one line so often. */
const SUMMARY_MS = 60_000;
/** Lines of one summary; what is beyond them is in one more. */
const SUMMARY_LINES = 100;
/** Addresses and reasons that are told apart. */
const GROUPS = 10_000;

/** Refusals of one address for one reason. */
interface Group {
  readonly address: string;
  readonly reason: string;
  /** Those that no line tells yet. */
  untold: number;
}

/**
 * Logs and counts requests that were refused before their caller was known: why, and where they came from. Nothing of what was
 * sent. The first of an address and reason has a line at once, those after it are counted and have one in a minute.
 */
export class RefusedCallers {
  private readonly counter;
  private readonly addresses: CallerAddresses;
  private readonly groups: LRUCache<string, Group>;
  /** Refusals of groups that were forgotten before they were told. */
  private forgotten = 0;
  private timer: NodeJS.Timeout | undefined;
  private second = 0;
  private lines = 0;

  constructor(
    service: 'registry' | 'proxy',
    trustedProxies: readonly string[],
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    const help = 'Requests without a key or token that is valid here, or for nothing that is there';
    this.addresses = new CallerAddresses(trustedProxies);
    this.counter = metrics.counter(`lethe_${service}_callers_refused_total`, help, ['why']);
    const dispose = ({ untold }: Group, _key: string, why: string): void => {
      if (why === 'evict') this.forgotten += untold;
    };
    this.groups = new LRUCache({ max: GROUPS, dispose });
  }

  /** @param why one of a closed list */
  record(request: AddressedRequest, why: string, nowMs = performance.now()): void {
    this.counter.inc({ why });
    const address = this.addressOf(request);
    const key = `${networkOf(address)} ${why}`;
    const known = this.groups.get(key);
    if (known) known.untold += 1;
    else this.begin(key, { address, reason: why, untold: 1 }, nowMs);
  }

  /** Where a request comes from. */
  addressOf(request: AddressedRequest): string {
    return this.addresses.of(request);
  }

  onModuleDestroy(): void {
    this.summarise();
  }

  /** Logs what no line has told yet. */
  readonly summarise = (): void => {
    clearTimeout(this.timer);
    this.timer = undefined;
    const untold = [...this.groups.values()].filter(({ untold: count }) => count > 0);
    // A group that repeats nothing begins anew.
    this.groups.clear();
    untold.sort((one, other) => other.untold - one.untold);
    for (const { address, reason, untold: count } of untold.splice(0, SUMMARY_LINES)) {
      this.logger.info({ address, reason, count }, 'Callers refused');
    }
    const others = untold.reduce((sum, group) => sum + group.untold, this.forgotten);
    this.forgotten = 0;
    if (others > 0) this.logger.info({ count: others }, 'Callers refused, of further addresses');
  };

  private begin(key: string, group: Group, nowMs: number): void {
    if (this.mayLog(Math.floor(nowMs / 1000))) {
      this.logger.info({ address: group.address, reason: group.reason }, 'Caller refused');
      group.untold = 0;
    }
    this.groups.set(key, group);
    this.timer ??= setTimeout(this.summarise, SUMMARY_MS).unref();
  }

  private mayLog(second: number): boolean {
    if (second !== this.second) this.lines = 0;
    this.second = second;
    this.lines += 1;
    return this.lines <= LINES_PER_SECOND;
  }
}
