import { type MessageSpans, scanMessage, valueAt } from '@lethe/mcp';
import type { DroppedNotifications, DropReason } from '../telemetry/dropped-notifications.js';
import type { ReadingPace } from '../upstream/paced-reader.js';
import type { FloodPace } from './flood-pace.js';
import { NotificationLimits } from './notification-limits.js';
import { type NotificationScope, OwnNotifications } from './own-notifications.js';

/** Selects the notifications of one gateway that reach one stream of a client: only its own, and not too many. */
export class NotificationFilter implements ReadingPace {
  private readonly own: OwnNotifications;
  private readonly limits: NotificationLimits;
  private readonly gateway: string;
  /** In the chunk that is being read. */
  private kept = 0;
  /** A notification that waits, as the upstream sent it. */
  private waiting: string | undefined;

  /** @param emit sends a notification later, when it may pass */
  constructor(
    scope: NotificationScope,
    private readonly pace: FloodPace,
    private readonly dropped: DroppedNotifications,
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
    const read = this.own.read(method, bytes, spans);
    if (typeof read === 'string') return this.drop(read);
    const limited = this.limits.take(read);
    if (limited === 'passes') return read.json;
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
    this.kept += 1;
    this.dropped.count(this.gateway, why);
    return undefined;
  }

  /** The notifications that wait, for the end of the stream. */
  finish(): string[] {
    return this.limits.finish();
  }

  pauseAfter(tookMs: number): number {
    const { kept } = this;
    this.kept = 0;
    return this.pace.pauseMs(kept, tookMs, performance.now());
  }
}
