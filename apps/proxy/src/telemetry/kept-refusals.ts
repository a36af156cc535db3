import {
  type Bucket,
  BUCKETS,
  KEPT_REFUSALS,
  KeptCredentialRefused,
  type KeptRefusalCode,
  type ServerManifest,
} from '@lethe/contracts';
import type { NoticePublisher } from '@lethe/messaging';
import type { Logger } from '@lethe/platform';
import type { RejectedEntry } from '../routes/snapshot/signed-entries.js';
import type { KeptGateways } from '../routes/table/kept-gateways.js';

const CHECK_EVERY_MS = 1_000;
/** Entries and manifests arrive in any order: what is wrong for a moment is not wrong. */
const LASTS_MS = 1_000;
const AGAIN_AFTER_MS = 3_600_000;
/** What arrived once is told so long: perhaps no registry heard it. */
const ARRIVED_LASTS_MS = 12 * 3_600_000;
/** Whoever can write to the bus can cause refusals. */
const MOST = 1_000;
const MOST_AT_ONCE = 20;
/** A rejected manifest is told once the genuine one says which gateways it is about. */
const MANIFEST_WITHIN_MS = 60_000;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Codes of what is rejected on its way, by the reason. */
const ENTRY_CODES = { refused: 'entry_unsigned', older: 'entry_older' } as const;
const MANIFEST_CODES = { refused: 'manifest_unsigned', older: 'manifest_older' } as const;

/** What is told of a refusal, beside when and by whom. */
type Refusal = Pick<KeptCredentialRefused, 'gatewayId' | 'keptRevision' | 'code'>;

interface Told {
  readonly refusal: Refusal;
  readonly sinceMs: number;
  readonly lasts: (nowMs: number) => boolean;
  toldMs: number;
}

/** What this needs of the routes. */
interface RefusingRoutes {
  readonly replica: string;
  readonly table: { readonly kept?: KeptGateways; manifest(slug: string): ServerManifest | undefined };
  onRejected(rejected: (bucket: Bucket, key: string, reason: RejectedEntry) => void): void;
}

/**
 * Logs which kept credentials this proxy does not use, and tells registries where somebody should know: also of entries and manifests
 * that are rejected before anything is opened.
 */
export class KeptRefusals {
  private readonly told = new Map<string, Told>();
  /** Rejected manifests, by code and slug, whose gateways are not known yet. */
  private readonly manifests = new Map<string, { slug: string; code: KeptRefusalCode; untilMs: number }>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly routes: RefusingRoutes,
    private readonly notices: Pick<NoticePublisher, 'publish'>,
    logger: Logger,
  ) {
    const { kept } = routes.table;
    if (!kept) return;
    kept.refusals.listen((gatewayId, reason, keptRevision) => {
      logger.error({ gatewayId, reason }, 'A kept credential is not used');
      const code = KEPT_REFUSALS.find((each) => each === reason);
      const lasts = (): boolean => kept.isRefused(gatewayId, reason, keptRevision);
      if (code) this.note({ gatewayId, keptRevision, code }, lasts);
    });
    routes.onRejected((bucket, key, reason) => this.noteRejected(bucket, key, reason, kept));
  }

  start(): void {
    this.timer = setInterval(() => void this.tell(), CHECK_EVERY_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private noteRejected(bucket: Bucket, key: string, reason: RejectedEntry, kept: KeptGateways): void {
    if (bucket === BUCKETS.kept && UUID.test(key)) {
      this.noteArrived({ gatewayId: key, keptRevision: kept.revisionOf(key), code: ENTRY_CODES[reason] });
    }
    if (bucket !== BUCKETS.servers || this.manifests.size >= MOST) return;
    const code = MANIFEST_CODES[reason];
    this.manifests.set(`${code} ${key}`, { slug: key, code, untilMs: performance.now() + MANIFEST_WITHIN_MS });
  }

  /** A virtual server that uses no kept credential is not told of. */
  private noteManifests(nowMs: number): void {
    for (const [id, { slug, code, untilMs }] of this.manifests) {
      const manifest = this.routes.table.manifest(slug);
      if (manifest || untilMs < nowMs) this.manifests.delete(id);
      const { kept } = this.routes.table;
      if (!manifest || !kept) continue;
      for (const gatewayId of kept.usedBy(manifest)) {
        this.noteArrived({ gatewayId, keptRevision: kept.revisionOf(gatewayId), code });
      }
    }
  }

  private noteArrived(refusal: Refusal): void {
    const untilMs = performance.now() + ARRIVED_LASTS_MS;
    this.note(refusal, (nowMs) => nowMs < untilMs, -LASTS_MS);
  }

  private note(refusal: Refusal, lasts: Told['lasts'], afterMs = 0): void {
    const key = `${refusal.gatewayId} ${refusal.keptRevision} ${refusal.code}`;
    const known = this.told.get(key);
    if (!known && this.told.size >= MOST) return;
    const sinceMs = known?.sinceMs ?? performance.now() + afterMs;
    this.told.set(key, { refusal, lasts, sinceMs, toldMs: known?.toldMs ?? -Infinity });
  }

  /** A lost notice is repeated with the next hour. */
  private async tell(nowMs = performance.now()): Promise<void> {
    this.noteManifests(nowMs);
    for (const [key, { lasts }] of this.told) if (!lasts(nowMs)) this.told.delete(key);
    const due = [...this.told.values()].filter(
      ({ sinceMs, toldMs }) => nowMs - sinceMs >= LASTS_MS && nowMs - toldMs >= AGAIN_AFTER_MS,
    );
    for (const each of due.slice(0, MOST_AT_ONCE)) {
      each.toldMs = nowMs;
      const notice = { ...each.refusal, at: new Date().toISOString(), proxy: this.routes.replica };
      await this.notices.publish(KeptCredentialRefused, notice).catch(() => (each.toldMs = -Infinity));
    }
  }
}
