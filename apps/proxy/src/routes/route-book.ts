import type { CallerEntry, ServerManifest } from '@lethe/contracts';
import type { UpstreamPolicy } from '@lethe/mcp';
import { compileSources } from '../passthrough/credential-source.js';
import { BlockStore } from './block-store.js';
import { toGatewayRoute } from './gateway-route.js';
import { loadItems } from './item-table.js';
import type { ManifestVerifier, VerifiedManifest } from './manifest-verifier.js';
import { type Receipt, ReceiptFloors } from './receipt-floors.js';
import { ServerChanges } from './server-changes.js';
import { ServerRoutes } from './server-routes.js';

/** What became of something that was offered. */
export type Offer = 'taken' | 'waiting' | 'known' | 'older' | 'refused';

/** What a proxy keeps over a restart: pairs of a key and what was signed for it, or of a digest and its block. */
export interface StoredRoutes {
  readonly servers: [string, string][];
  readonly callers: [string, string][];
  readonly blocks: [string, string][];
  readonly receipts: [string, string][];
}

interface Known {
  readonly verified: VerifiedManifest;
  isActive: boolean;
}

/**
 * Everything this proxy serves from, in memory. A manifest counts only when it is signed and newer than what is here, and
 * takes effect only when all its blocks are here; until then the one before it serves.
 */
export class RouteBook {
  readonly blocks = new BlockStore();
  readonly changes = new ServerChanges();
  private readonly newest = new Map<string, Known>();
  private readonly live = new Map<string, { verified: VerifiedManifest; routes: ServerRoutes }>();
  private readonly callers = new Map<string, { jws: string; entry: CallerEntry }>();
  /** Missing digest -> slugs whose newest manifest waits for it. */
  private readonly waiting = new Map<string, Set<string>>();
  private readonly floors = new ReceiptFloors();

  constructor(
    private readonly verifier: ManifestVerifier,
    private readonly policy: UpstreamPolicy,
  ) {}

  server(slug: string): ServerRoutes | undefined {
    return this.live.get(slug)?.routes;
  }

  caller(keyId: string): CallerEntry | undefined {
    return this.callers.get(keyId)?.entry;
  }

  async offerManifest(key: string, jws: string): Promise<Offer> {
    if (this.newest.get(key)?.verified.jws === jws) return 'known';
    const verified = await this.verifier.manifest(key, jws);
    if (!verified) return 'refused';
    this.raiseFloors([...verified.covered.values()]);
    const held = this.newest.get(key)?.verified.manifest.revision ?? -Infinity;
    if (verified.manifest.revision < held) return 'older';
    if (verified.manifest.revision === held) return 'known';
    const sources = compileSources(verified.manifest);
    if (verified.manifest.state === 'live' && !sources) return 'refused';
    this.newest.set(key, { verified, isActive: false });
    return this.activate(key) ? 'taken' : 'waiting';
  }

  async offerCaller(key: string, jws: string): Promise<Offer> {
    if (this.callers.get(key)?.jws === jws) return 'known';
    const entry = await this.verifier.caller(key, jws);
    if (!entry) return 'refused';
    const held = this.callers.get(key)?.entry.revision ?? -Infinity;
    if (entry.revision <= held) return entry.revision === held ? 'known' : 'older';
    this.callers.set(key, { jws, entry });
    return 'taken';
  }

  /** A receipt that was seen before a restart: older ones of its gateway count no more. */
  async offerReceipt(jws: string): Promise<Offer> {
    const receipt = await this.verifier.receipt(jws);
    if (!receipt) return 'refused';
    this.raiseFloors([receipt]);
    return 'taken';
  }

  offerBlock(digest: string, bytes: string, now: number): Offer {
    if (!this.blocks.add(digest, bytes, now)) return 'refused';
    const slugs = this.waiting.get(digest) ?? [];
    this.waiting.delete(digest);
    for (const slug of slugs) this.activate(slug);
    return 'taken';
  }

  /** Blocks that manifests wait for. */
  missingBlocks(): string[] {
    const waiting = [...this.newest.values()].filter(({ isActive }) => !isActive);
    return this.blocks.missing(waiting.flatMap(({ verified }) => digestsOf(verified.manifest)));
  }

  /** `key:revision` of what is in effect, as the registry counts it. */
  serverLines(): string[] {
    const active = [...this.newest].filter(([, known]) => known.isActive);
    return active.map(([slug, { verified }]) => `${slug}:${verified.manifest.revision}`);
  }

  callerLines(): string[] {
    return [...this.callers].map(([keyId, { entry }]) => `${keyId}:${entry.revision}`);
  }

  /** All that is needed to serve again after a restart; signed and content-addressed, nothing secret. */
  snapshot(): StoredRoutes {
    const known = [...this.newest];
    return {
      servers: known.map(([slug, { verified }]) => [slug, verified.jws]),
      callers: [...this.callers].map(([keyId, { jws }]) => [keyId, jws]),
      blocks: this.blocks.entries(known.flatMap(([, { verified }]) => digestsOf(verified.manifest))),
      receipts: this.floors.entries(),
    };
  }

  prune(now: number): void {
    const used = new Set([...this.newest.values()].flatMap(({ verified }) => digestsOf(verified.manifest)));
    for (const { routes } of this.live.values()) for (const digest of digestsOf(routes.manifest)) used.add(digest);
    this.blocks.prune(used, now);
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
    else this.live.set(slug, { verified: known.verified, routes: this.compile(known.verified) });
    known.isActive = true;
    this.changes.announce(slug);
    return true;
  }

  /** A newer receipt that leads elsewhere closes what an older one covered, also where it serves already. */
  private raiseFloors(receipts: readonly Receipt[]): void {
    const moved = receipts.filter((receipt) => this.floors.raise(receipt)).map(({ order }) => order.gatewayId);
    for (const [slug, held] of this.live) {
      if (!moved.some((gatewayId) => held.verified.covered.has(gatewayId))) continue;
      held.routes = this.compile(held.verified);
      this.changes.announce(slug);
    }
  }

  private isCovered({ covered }: VerifiedManifest, gatewayId: string): boolean {
    const receipt = covered.get(gatewayId);
    return receipt !== undefined && this.floors.allows(receipt);
  }

  private compile(verified: VerifiedManifest): ServerRoutes {
    const { manifest } = verified;
    const sources = compileSources(manifest);
    const gateways = manifest.gateways.map((gateway) =>
      toGatewayRoute(gateway, sources?.get(gateway.id) ?? [], this.isCovered(verified, gateway.id), this.policy),
    );
    return new ServerRoutes(manifest, gateways, (routes) => loadItems(manifest, routes, this.blocks));
  }
}

function digestsOf(manifest: ServerManifest): string[] {
  if (manifest.state === 'deleted') return [];
  return [...manifest.names, ...manifest.gateways.flatMap(({ blocks }) => blocks)];
}
