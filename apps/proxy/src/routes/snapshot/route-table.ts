import { BUCKETS, type CallerEntry, type ServerManifest } from '@lethe/contracts';
import type { UpstreamPolicy } from '@lethe/mcp';
import { compilePassthroughHeaders } from '../table/passthrough-headers.js';
import { BlockStore } from '../content/block-store.js';
import { toGateway } from '../table/gateway.js';
import { GatewayGates } from '../table/gateway-gates.js';
import { loadItems } from '../table/item-table.js';
import type { ManifestVerifier, VerifiedManifest } from './manifest-verifier.js';
import { type Receipt, ReceiptHighWaterMarks } from './receipt-high-water-marks.js';
import { AppliedRoutes } from './applied-routes.js';
import { EntryChanges } from './entry-changes.js';
import { VirtualServer } from '../table/virtual-server.js';
import { STORED_KINDS, type StoredEntry, type StoredKind, DirtyKeys } from './stored-routes.js';

/** Result of applying an update. */
export type UpdateResult = 'taken' | 'waiting' | 'known' | 'older' | 'refused';

interface Known {
  readonly verified: VerifiedManifest;
  isActive: boolean;
}

/** A virtual server that is being served; compiled at its first use. */
interface Live {
  readonly verified: VerifiedManifest;
  routes: VirtualServer | undefined;
}

/**
 * All published state that this proxy uses, in memory. A manifest is accepted only when it is signed and newer than the
 * current one. It takes effect when all its blocks have arrived; until then the previous one is served.
 */
export class RouteTable {
  /** Whether there are routes to serve from, of any age. */
  isReady = false;
  readonly blocks = new BlockStore();
  /** By slug. */
  readonly changes = new EntryChanges();
  /** By the key's id. */
  readonly callerChanges = new EntryChanges();
  readonly dirtyKeys = new DirtyKeys();
  readonly applied = new AppliedRoutes();
  readonly gates = new GatewayGates();
  private readonly newest = new Map<string, Known>();
  private readonly live = new Map<string, Live>();
  private readonly callers = new Map<string, { jws: string; entry: CallerEntry }>();
  /** Missing digest -> slugs whose newest manifest waits for it. */
  private readonly waiting = new Map<string, Set<string>>();
  private readonly highWaterMarks = new ReceiptHighWaterMarks();

  constructor(
    private readonly verifier: ManifestVerifier,
    private readonly policy: UpstreamPolicy,
  ) {}

  /** The manifest in effect; it is not compiled for this. */
  manifest(slug: string): ServerManifest | undefined {
    return this.live.get(slug)?.verified.manifest;
  }

  server(slug: string): VirtualServer | undefined {
    const live = this.live.get(slug);
    if (live) live.routes ??= this.compile(live.verified);
    return live?.routes;
  }

  caller(keyId: string): CallerEntry | undefined {
    return this.callers.get(keyId)?.entry;
  }

  async applyManifest(key: string, jws: string): Promise<UpdateResult> {
    if (this.newest.get(key)?.verified.jws === jws) return 'known';
    const verified = await this.verifier.manifest(key, jws);
    if (!verified) return 'refused';
    this.advanceHighWaterMarks([...verified.covered.values()]);
    const current = this.newest.get(key)?.verified.manifest.revision ?? -Infinity;
    if (verified.manifest.revision < current) return 'older';
    if (verified.manifest.revision === current) return 'known';
    const sources = compilePassthroughHeaders(verified.manifest);
    if (verified.manifest.state === 'live' && !sources) return 'refused';
    this.newest.set(key, { verified, isActive: false });
    this.dirtyKeys.note(BUCKETS.servers, key);
    return this.activate(key) ? 'taken' : 'waiting';
  }

  async applyCaller(key: string, jws: string): Promise<UpdateResult> {
    if (this.callers.get(key)?.jws === jws) return 'known';
    const entry = await this.verifier.caller(key, jws);
    if (!entry) return 'refused';
    const current = this.callers.get(key)?.entry.revision ?? -Infinity;
    if (entry.revision <= current) return entry.revision === current ? 'known' : 'older';
    this.callers.set(key, { jws, entry });
    this.dirtyKeys.note(BUCKETS.callers, key);
    this.applied.note(BUCKETS.callers, key, entry.revision);
    this.callerChanges.announce(key);
    return 'taken';
  }

  /** Applies a receipt from before a restart: older receipts of its gateway do not count any more. */
  async applyReceipt(jws: string): Promise<UpdateResult> {
    const receipt = await this.verifier.receipt(jws);
    if (!receipt) return 'refused';
    this.advanceHighWaterMarks([receipt]);
    return 'taken';
  }

  applyBlock(digest: string, bytes: string, now: number): UpdateResult {
    return this.applyNewBlock(digest, () => this.blocks.add(digest, bytes, now));
  }

  /** Applies a block as it was stored for a restart. */
  applyPackedBlock(digest: string, packed: Buffer, now: number): UpdateResult {
    return this.applyNewBlock(digest, () => this.blocks.addPacked(digest, packed, now));
  }

  private applyNewBlock(digest: string, add: () => boolean): UpdateResult {
    if (this.blocks.has(digest)) return 'known';
    if (!add()) return 'refused';
    this.dirtyKeys.note(BUCKETS.blocks, digest);
    const slugs = this.waiting.get(digest) ?? [];
    this.waiting.delete(digest);
    for (const slug of slugs) this.activate(slug);
    return 'taken';
  }

  /** Digests of blocks that manifests wait for. */
  missingBlocks(): string[] {
    const waiting = [...this.newest.values()].filter(({ isActive }) => !isActive);
    return this.blocks.missing(waiting.flatMap(({ verified }) => digestsOf(verified.manifest)));
  }

  /** `key:revision` of each manifest in effect, in the form that the registry hashes. */
  serverLines(): string[] {
    const active = [...this.newest].filter(([, known]) => known.isActive);
    return active.map(([slug, { verified }]) => `${slug}:${verified.manifest.revision}`);
  }

  callerLines(): string[] {
    return [...this.callers].map(([keyId, { entry }]) => `${keyId}:${entry.revision}`);
  }

  /** One entry as it is stored for a restart: signed or content-addressed, nothing secret. */
  stored(kind: StoredKind, key: string): StoredEntry | undefined {
    const value = this.storedValue(kind, key);
    return value === undefined ? undefined : [kind, key, value];
  }

  /** Everything that is needed to serve again after a restart, and blocks whose manifests have not arrived yet. */
  *allStored(): Generator<StoredEntry, undefined> {
    for (const kind of STORED_KINDS) {
      for (const key of this.keysOf(kind)) {
        const entry = this.stored(kind, key);
        if (entry) yield entry;
      }
    }
  }

  /** The number of current entries. */
  storedCount(): number {
    return this.newest.size + this.callers.size + this.blocks.size + this.highWaterMarks.size;
  }

  prune(now: number): void {
    this.blocks.prune(this.usedBlocks(), now);
  }

  /** Digests in manifests that are in effect or wait for blocks. */
  private usedBlocks(): Set<string> {
    const used = new Set<string>();
    for (const manifests of [this.newest, this.live]) {
      for (const { verified } of manifests.values())
        for (const digest of digestsOf(verified.manifest)) used.add(digest);
    }
    return used;
  }

  private keysOf(kind: StoredKind): Iterable<string> {
    if (kind === BUCKETS.blocks) return this.blocks.digests();
    if (kind === 'receipts') return this.highWaterMarks.gatewayIds();
    return (kind === BUCKETS.servers ? this.newest : this.callers).keys();
  }

  private storedValue(kind: StoredKind, key: string): string | undefined {
    if (kind === BUCKETS.blocks) return this.blocks.packed(key)?.toString('base64');
    if (kind === BUCKETS.servers) return this.newest.get(key)?.verified.jws;
    return kind === BUCKETS.callers ? this.callers.get(key)?.jws : this.highWaterMarks.receiptOf(key);
  }

  private activate(slug: string): boolean {
    const known = this.newest.get(slug);
    if (!known || known.isActive) return known !== undefined;
    const { manifest } = known.verified;
    const [missing] = this.blocks.missing(digestsOf(manifest));
    if (missing !== undefined) {
      this.waiting.set(missing, (this.waiting.get(missing) ?? new Set()).add(slug));
      return false;
    }
    if (manifest.state === 'deleted') this.live.delete(slug);
    else this.live.set(slug, { verified: known.verified, routes: undefined });
    known.isActive = true;
    this.applied.note(BUCKETS.servers, slug, manifest.revision);
    this.changes.announce(slug);
    return true;
  }

  /**
   * A newer receipt with another target closes what the older one covered, also in virtual servers that are already
   * served.
   */
  private advanceHighWaterMarks(receipts: readonly Receipt[]): void {
    const moved: string[] = [];
    for (const receipt of receipts) {
      const result = this.highWaterMarks.advance(receipt);
      if (result === 'no') continue;
      this.dirtyKeys.note('receipts', receipt.order.gatewayId);
      if (result === 'elsewhere') moved.push(receipt.order.gatewayId);
    }
    if (moved.length === 0) return;
    for (const [slug, live] of this.live) {
      if (!moved.some((gatewayId) => live.verified.covered.has(gatewayId))) continue;
      live.routes = undefined;
      this.changes.announce(slug);
    }
  }

  private isCovered({ covered }: VerifiedManifest, gatewayId: string): boolean {
    const receipt = covered.get(gatewayId);
    return receipt !== undefined && this.highWaterMarks.allows(receipt);
  }

  private compile(verified: VerifiedManifest): VirtualServer {
    const { manifest } = verified;
    const sources = compilePassthroughHeaders(manifest);
    const gateways = manifest.gateways.map((gateway) =>
      toGateway(
        gateway,
        sources?.get(gateway.id) ?? [],
        this.isCovered(verified, gateway.id),
        this.policy,
        this.gates.of(gateway),
      ),
    );
    return new VirtualServer(manifest, gateways, (routes) => loadItems(manifest, routes, this.blocks));
  }
}

function digestsOf(manifest: ServerManifest): string[] {
  if (manifest.state === 'deleted') return [];
  return [...manifest.names, ...manifest.gateways.flatMap(({ blocks }) => blocks)];
}
