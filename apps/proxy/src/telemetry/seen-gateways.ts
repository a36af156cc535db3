import { GatewaysSeen, MAX_SEEN_GATEWAYS } from '@lethe/contracts';
import type { NoticePublisher } from '@lethe/messaging';

const REPORT_EVERY_MS = 5_000;
/** JSON-RPC errors that tell that a method or a resource is not there (MCP 2025-11-25, resources, error handling). */
const METHOD_UNKNOWN = -32601;
const RESOURCE_UNKNOWN = -32002;
/** Of a tool it means that it is unknown, or that its arguments are not valid (MCP, tools, error handling). */
const PARAMS_INVALID = -32602;
/** How often one item is refused with that code, in how long, until it is taken for unknown. */
const REFUSALS = { count: 3, withinMs: 10 * 60_000, items: 1_000 } as const;

/** Gateways by their slugs whose upstreams answered or failed. */
export interface SeenUpstreams {
  answered: string[];
  failed: string[];
}

/** A request that an upstream refused with a JSON-RPC error. */
export interface RefusedCall {
  /** Slug of the gateway. */
  gateway: string;
  method: string;
  /** The upstream's own name of the item. */
  own: string;
  code: number;
}

/**
 * Reports to the registry what calls show of upstreams: whether they answer, and whether their items may have changed. A
 * notice that is lost is not repeated.
 */
export class SeenGateways {
  private listChanged = new Set<string>();
  private unknownItem = new Set<string>();
  /** Refusals by gateway and item, the oldest item first. */
  private readonly refusals = new Map<string, { count: number; sinceMs: number }>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly notices: Pick<NoticePublisher, 'publish'>,
    /** What calls showed since the last time. */
    private readonly takeCalls: () => SeenUpstreams,
    /** Which kept credentials were rejected since the last time. */
    private readonly takeRejected: () => string[] = () => [],
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.report(), REPORT_EVERY_MS);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.report();
  }

  /** An upstream announced that one of its lists has changed. */
  noteListChange(gateway: string): void {
    this.listChanged.add(gateway);
  }

  /** An upstream refused a call of an item that is served. */
  noteRefusal(call: RefusedCall, nowMs = performance.now()): void {
    if (this.tellsUnknown(call, nowMs)) this.unknownItem.add(call.gateway);
  }

  private tellsUnknown({ gateway, method, own, code }: RefusedCall, nowMs: number): boolean {
    if (code === METHOD_UNKNOWN || code === RESOURCE_UNKNOWN) return true;
    if (code !== PARAMS_INVALID) return false;
    // Its one parameter is the URI.
    if (method === 'resources/read') return true;
    const key = `${gateway} ${own}`;
    const known = this.refusals.get(key);
    const isRecent = known !== undefined && nowMs - known.sinceMs < REFUSALS.withinMs;
    const counted = isRecent ? { ...known, count: known.count + 1 } : { count: 1, sinceMs: nowMs };
    this.refusals.delete(key);
    this.refusals.set(key, counted);
    const [oldest] = this.refusals.size > REFUSALS.items ? this.refusals.keys() : [];
    if (oldest !== undefined) this.refusals.delete(oldest);
    return counted.count >= REFUSALS.count;
  }

  private async report(): Promise<void> {
    const { answered, failed } = this.takeCalls();
    const changes = { listChanged: [...this.listChanged], unknownItem: [...this.unknownItem] };
    const lists = { answered, failed, ...changes, keptRejected: this.takeRejected() };
    this.listChanged = new Set();
    this.unknownItem = new Set();
    const longest = Math.max(...Object.values(lists).map(({ length }) => length));
    for (let from = 0; from < longest; from += MAX_SEEN_GATEWAYS) {
      const part = (slugs: string[]): string[] => slugs.slice(from, from + MAX_SEEN_GATEWAYS);
      const notice = {
        answered: part(lists.answered),
        failed: part(lists.failed),
        listChanged: part(lists.listChanged),
        unknownItem: part(lists.unknownItem),
        ...(lists.keptRejected.length > 0 && { keptRejected: part(lists.keptRejected) }),
      };
      await this.notices.publish(GatewaysSeen, notice).catch(() => undefined);
    }
  }
}
