import { encodeNotification } from '@lethe/mcp';
import { type NotificationKind, OWN_LOGGER, type OwnNotification } from './own-notifications.js';
import { TokenBucket } from './token-bucket.js';

/** How many notifications of one kind pass at once and per second, and how many of the others are held. */
interface Limit {
  readonly burst: number;
  readonly perSecond: number;
  /** Of those about the same, the last one is held until it may pass; beyond this number they are dropped. */
  readonly held: number;
}

const LIST: Limit = { burst: 1, perSecond: 1, held: 1 };
const LIMITS: Readonly<Record<NotificationKind, Limit>> = {
  tools: LIST,
  resources: LIST,
  prompts: LIST,
  progress: { burst: 100, perSecond: 20, held: 64 },
  updated: { burst: 100, perSecond: 20, held: 256 },
  complete: { burst: 20, perSecond: 5, held: 64 },
  // Each line says something else.
  log: { burst: 200, perSecond: 50, held: 0 },
};
/** A longer notification is dropped instead of held. */
const MAX_HELD_CHARACTERS = 4_096;
/** How often the client is told how many log messages were dropped. */
const NOTICE_MS = 10_000;
/** From the first dropped log message to the notice, so that it counts more than one. */
const FIRST_NOTICE_MS = 1_000;

interface Queue {
  readonly limit: Limit;
  readonly bucket: TokenBucket;
  /** JSON by what it is about. */
  readonly held: Map<string, string>;
}

/** What became of a notification: it passes, waits (perhaps in the place of an earlier one), or was dropped. */
export type Limited = 'passes' | 'held' | 'dropped';

/** Bounds how many notifications of one gateway reach one stream. A flood ends as a few, and the last one is among them. */
export class NotificationLimits {
  private readonly queues = new Map<NotificationKind, Queue>();
  private timer: NodeJS.Timeout | undefined;
  private isOver = false;
  private leftOut = 0;
  private noticeAt = 0;

  constructor(
    private readonly gateway: string,
    /** Sends what was held. */
    private readonly emit: (json: string) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  take({ kind, key, json }: OwnNotification): Limited {
    const queue = this.queueOf(kind);
    if (queue.held.size === 0 && queue.bucket.take(this.now())) return 'passes';
    const isNew = !queue.held.has(key);
    if (json.length > MAX_HELD_CHARACTERS || (isNew && queue.held.size >= queue.limit.held)) {
      if (kind === 'log') this.leaveOut();
      return 'dropped';
    }
    // A map keeps the place of the first one.
    queue.held.set(key, json);
    this.arm();
    return 'held';
  }

  /** What is still held. Nothing is sent any more after this. */
  finish(): string[] {
    clearTimeout(this.timer);
    if (this.isOver) return [];
    this.isOver = true;
    const rest = [...this.queues.values()].flatMap(({ held }) => [...held.values()]);
    return this.leftOut > 0 ? [...rest, this.notice()] : rest;
  }

  private queueOf(kind: NotificationKind): Queue {
    const known = this.queues.get(kind);
    if (known) return known;
    const limit = LIMITS[kind];
    const queue = { limit, bucket: new TokenBucket(limit.burst, limit.perSecond, this.now()), held: new Map() };
    this.queues.set(kind, queue);
    return queue;
  }

  private leaveOut(): void {
    if (this.leftOut === 0) this.noticeAt = Math.max(this.noticeAt, this.now() + FIRST_NOTICE_MS);
    this.leftOut += 1;
    this.arm();
  }

  private arm(): void {
    if (this.timer || this.isOver) return;
    const now = this.now();
    const waits = [...this.queues.values()].filter(({ held }) => held.size > 0).map(({ bucket }) => bucket.waitMs(now));
    if (this.leftOut > 0) waits.push(Math.max(0, this.noticeAt - now));
    if (waits.length === 0) return;
    this.timer = setTimeout(() => this.release(), Math.ceil(Math.min(...waits))).unref();
  }

  private release(): void {
    this.timer = undefined;
    for (const { held, bucket } of this.queues.values()) {
      for (const [key, json] of held) {
        if (!bucket.take(this.now())) break;
        held.delete(key);
        this.emit(json);
      }
    }
    if (this.leftOut > 0 && this.now() >= this.noticeAt) this.emit(this.notice());
    this.arm();
  }

  private notice(): string {
    const data = `${this.gateway} sent more log messages than one stream may have; ${this.leftOut} were left out`;
    this.leftOut = 0;
    this.noticeAt = this.now() + NOTICE_MS;
    return encodeNotification('notifications/message', { level: 'warning', logger: OWN_LOGGER, data }).toString();
  }
}
