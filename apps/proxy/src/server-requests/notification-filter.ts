import { type MessageSpans, scanMessage, valueAt, withoutReservedNames } from '@lethe/mcp';
import type { DroppedNotifications, DropReason } from '../telemetry/dropped-notifications.js';
import type { SeenGateways } from '../telemetry/seen-gateways.js';
import type { ReadingPace } from '../upstream/paced-reader.js';
import type { FloodPace } from './flood-pace.js';
import { NotificationLimits } from './notification-limits.js';
import { isListChange, type NotificationScope, OwnNotifications } from './own-notifications.js';
import { TokenBucket } from './token-bucket.js';

/** How many requests and ids of one upstream reach one stream at once, and per second. */
const OTHERS = { burst: 100, perSecond: 20 } as const;

/** Selects the notifications of one gateway that reach one stream of a client: only its own, and not too many. */
export class NotificationFilter implements ReadingPace {
  private readonly own: OwnNotifications;
  private readonly limits: NotificationLimits;
  private readonly gateway: string;
  /** Events in the chunk that is being read, and how many of them reach the client. */
  private seen = 0;
  private passed = 0;
  private readonly others = new TokenBucket(OTHERS.burst, OTHERS.perSecond, performance.now());
  /** A notification that waits, as the upstream sent it. */
  private waiting: string | undefined;

  /** @param emit sends a notification later, when it may pass */
  constructor(
    scope: NotificationScope,
    private readonly pace: FloodPace,
    private readonly dropped: DroppedNotifications,
    private readonly gateways: Pick<SeenGateways, 'noteListChange'>,
    emit: (json: string) => void,
  ) {
    this.gateway = scope.access.gateway.slug;
    this.own = new OwnNotifications(scope);
    this.limits = new NotificationLimits(this.gateway, (json) => {
      this.waiting = undefined;
      emit(json);
    });
  }

  /** The notification as the client gets it now; undefined if it does not, or later. */
  pass(method: string, bytes: Buffer, spans: MessageSpans): string | undefined {
    const own = this.own.read(method, bytes, spans);
    if (typeof own === 'string') return this.drop(own);
    if (isListChange(own.kind)) this.gateways.noteListChange(this.gateway);
    const read = { ...own, json: withoutReservedNames(own.json) };
    const limited = this.limits.take(read);
    if (limited === 'passes') {
      this.passed += 1;
      return read.json;
    }
    if (limited === 'dropped') return this.drop('flood');
    this.waiting = read.json;
    return this.drop('joined');
  }

  /** Whether this is the same text as a notification that waits: most floods are of one text, which need not be read again. */
  isRepeated(json: string): boolean {
    if (json !== this.waiting) return false;
    this.drop('joined');
    return true;
  }

  /** As `pass`, for a notification that has not been scanned. */
  passJson(json: string): string | undefined {
    if (this.isRepeated(json)) return undefined;
    const bytes = Buffer.from(json);
    const scan = scanMessage(bytes.toString('latin1'), Infinity);
    const method = scan.ok ? valueAt(bytes, scan.spans.get('method')) : undefined;
    return scan.ok && typeof method === 'string' ? this.pass(method, bytes, scan.spans) : undefined;
  }

  /** A notification that some other rule drops. */
  drop(why: DropReason): undefined {
    this.dropped.count(this.gateway, why);
    return undefined;
  }

  /** The notifications that wait, for the end of the stream. */
  finish(): string[] {
    return this.limits.finish();
  }

  /** Whether an event that is no notification may reach the client: a request, or an id to resume from. */
  mayPassOther(): boolean {
    const mayPass = this.others.take(performance.now());
    if (mayPass) this.passed += 1;
    return mayPass;
  }

  read(events: number): void {
    this.seen += events;
  }

  pauseAfter(tookMs: number): number {
    const kept = this.seen - this.passed;
    this.seen = this.passed = 0;
    return this.pace.pauseMs(kept, tookMs, performance.now());
  }
}
