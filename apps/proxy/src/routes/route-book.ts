import type { CallerEntry, ServerManifest } from '@lethe/contracts';
import type { UpstreamPolicy } from '@lethe/mcp';
import { compileSources } from '../passthrough/credential-source.js';
import { BlockStore } from './block-store.js';
import { toGatewayRoute } from './gateway-route.js';
import { loadItems } from './item-table.js';
import type { ManifestVerifier, VerifiedManifest } from './manifest-verifier.js';
import { ServerChanges } from './server-changes.js';
import { ServerRoutes } from './server-routes.js';

/** What became of something that was offered. */
export type Offer = 'taken' | 'waiting' | 'known' | 'older' | 'refused';

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
  private readonly live = new Map<string, ServerRoutes>();
  private readonly callers = new Map<string, { jws: string; entry: CallerEntry }>();
  /** Missing digest -> slugs whose newest manifest waits for it. */
  private readonly waiting = new Map<string, Set<string>>();

  constructor(
    private readonly verifier: ManifestVerifier,
    private readonly policy: UpstreamPolicy,
  ) {}

  server(slug: string): ServerRoutes | undefined {
    return this.live.get(slug);
  }

  caller(keyId: string): CallerEntry | undefined {
    return this.callers.get(keyId)?.entry;
  }

  async offerManifest(key: string, jws: string): Promise<Offer> {
    if (this.newest.get(key)?.verified.jws === jws) return 'known';
    const verified = await this.verifier.manifest(key, jws);
    if (!verified) return 'refused';
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
  snapshot(): { servers: [string, string][]; callers: [string, string][]; blocks: [string, string][] } {
    const known = [...this.newest];
    return {
      servers: known.map(([slug, { verified }]) => [slug, verified.jws]),
      callers: [...this.callers].map(([keyId, { jws }]) => [keyId, jws]),
      blocks: this.blocks.entries(known.flatMap(([, { verified }]) => digestsOf(verified.manifest))),
    };
  }

  prune(now: number): void {
    const used = new Set([...this.newest.values()].flatMap(({ verified }) => digestsOf(verified.manifest)));
    for (const { manifest } of this.live.values()) for (const digest of digestsOf(manifest)) used.add(digest);
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
    else this.live.set(slug, this.compile(known.verified));
    known.isActive = true;
    this.changes.announce(slug);
    return true;
  }

  private compile({ manifest, covered }: VerifiedManifest): ServerRoutes {
    const sources = compileSources(manifest);
    const gateways = manifest.gateways.map((gateway) =>
      toGatewayRoute(gateway, sources?.get(gateway.id) ?? [], covered.has(gateway.id), this.policy),
    );
    return new ServerRoutes(manifest, gateways, (routes) => loadItems(manifest, routes, this.blocks));
  }
}

function digestsOf(manifest: ServerManifest): string[] {
  if (manifest.state === 'deleted') return [];
  return [...manifest.names, ...manifest.gateways.flatMap(({ blocks }) => blocks)];
}
