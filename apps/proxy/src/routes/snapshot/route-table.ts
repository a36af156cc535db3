import { BUCKETS, type CallerEntry, type KeptEntry, type ServerManifest } from '@lethe/contracts';
import type { UpstreamPolicy } from '@lethe/mcp';
import { compilePassthroughHeaders } from '../table/passthrough-headers.js';
import { BlockStore } from '../content/block-store.js';
import { toGateway } from '../table/gateway.js';
import { GatewayGates } from '../table/gateway-gates.js';
import { loadItems } from '../table/item-table.js';
import { digestsOf, type ManifestVerifier, type VerifiedManifest } from './manifest-verifier.js';
import { type Receipt, ReceiptHighWaterMarks } from './receipt-high-water-marks.js';
import { AppliedRoutes } from './applied-routes.js';
import { EntryChanges } from './entry-changes.js';
import { keptEntries } from './kept-entries.js';
import { SignedEntries, type UpdateResult } from './signed-entries.js';
import { type KeptGateways, keptUse } from '../table/kept-gateways.js';
import { VirtualServer } from '../table/virtual-server.js';
import { DirtyKeys, StoredState, type StoredSources } from './stored-routes.js';

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
  /** Writes the route file, and resolves with whether all is in it; set where there is one. */
  save: () => Promise<boolean> = () => Promise.resolve(true);
  /** Everything that is needed to serve again after a restart, and blocks whose manifests have not arrived yet. */
  readonly storage: StoredState;
  private readonly newest = new Map<string, Known>();
  private readonly live = new Map<string, Live>();
  readonly callers: SignedEntries<CallerEntry>;
  readonly keptEntries: SignedEntries<KeptEntry>;
  /** Missing digest -> slugs whose newest manifest waits for it. */
  private readonly waiting = new Map<string, Set<string>>();
  private readonly highWaterMarks = new ReceiptHighWaterMarks();

  constructor(
    private readonly verifier: ManifestVerifier,
    private readonly policy: UpstreamPolicy,
    /** Undefined if this proxy opens no kept credentials. */
    readonly kept?: KeptGateways,
  ) {
    this.callers = new SignedEntries({
      verify: (key, jws) => verifier.caller(key, jws),
      isOlder: () => false,
      onTaken: (key, { revision }) => {
        this.dirtyKeys.note(BUCKETS.callers, key);
        this.applied.note(BUCKETS.callers, key, revision);
        this.callerChanges.announce(key);
      },
    });
    this.keptEntries = keptEntries(verifier, this);
    this.storage = new StoredState(this.storedSources());
  }

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
    return this.callers.known.get(keyId)?.entry;
  }

  async applyManifest(key: string, jws: string): Promise<UpdateResult> {
    if (this.newest.get(key)?.verified.jws === jws) return 'known';
    const verified = await this.verifier.manifest(key, jws);
    if (!verified) return 'refused';
    await this.kept?.prepare(verified.manifest);
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

  applyCaller(key: string, jws: string): Promise<UpdateResult> {
    return this.callers.apply(key, jws);
  }

  /** Applies what is kept for a gateway. Resolves when it is open. */
  applyKept(key: string, jws: string): Promise<UpdateResult> {
    return this.keptEntries.apply(key, jws);
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

  private storedSources(): StoredSources {
    const { blocks, newest, highWaterMarks: marks } = this;
    return {
      [BUCKETS.blocks]: {
        ...{ size: () => blocks.size, keys: () => blocks.digests() },
        value: (digest) => blocks.packed(digest)?.toString('base64'),
      },
      [BUCKETS.servers]: {
        ...{ size: () => newest.size, keys: () => newest.keys() },
        value: (slug) => newest.get(slug)?.verified.jws,
      },
      [BUCKETS.callers]: this.callers,
      [BUCKETS.kept]: this.keptEntries,
      receipts: { size: () => marks.size, keys: () => marks.gatewayIds(), value: (id) => marks.receiptOf(id) },
    };
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
        this.kept ? this.kept.useIn(manifest, gateway) : keptUse(manifest, gateway, undefined),
      ),
    );
    return new VirtualServer(manifest, gateways, (routes) => loadItems(manifest, routes, this.blocks));
  }
}
