import type { CredentialUse, KeptEntry, ManifestGateway, ServerManifest } from '@lethe/contracts';
import type { UpstreamPolicy } from '@lethe/mcp';
import { type KeptRing, targetDigest } from '@lethe/sealing';
import { HeldCredential, type KeptRefusal } from './kept-credential.js';
import { type HeldAnswers, NOTHING_HELD } from './kept-source.js';
import type { TokenOutcome } from './kept-token.js';
import { Told } from './told.js';

/** How a virtual server uses the kept credential of a gateway. */
export interface KeptUse {
  readonly use: Exclude<CredentialUse, 'callers'>;
  /** Undefined if nothing is kept, or this proxy opens nothing: under `kept` the gateway can't be called then. */
  readonly held: HeldAnswers | undefined;
  /** Called with the revision of a credential that the upstream has rejected. */
  readonly onRejected: (keptRevision: number) => void;
}

/** The kept credentials of all gateways that a virtual server uses them for: one for each gateway, in its newest configuration. */
export class KeptGateways {
  private readonly entries = new Map<string, KeptEntry>();
  private readonly held = new Map<string, HeldCredential>();
  private readonly rejected = new Set<string>();
  private isClosed = false;
  /** Why credentials are not used. */
  readonly refusals = new Told<[gatewayId: string, why: KeptRefusal, keptRevision: number]>();
  /** What came of requests for access tokens. */
  readonly tokens = new Told<[gatewayId: string, outcome: TokenOutcome]>();

  constructor(
    /** Undefined if this proxy has no keys for them. */
    private readonly ring: KeptRing | undefined,
    /** Where token endpoints may be. */
    private readonly policy: UpstreamPolicy,
  ) {}

  /** Whether what is kept for the gateway is refused for this reason now. */
  isRefused(gatewayId: string, why: KeptRefusal, keptRevision: number): boolean {
    return this.held.get(gatewayId)?.refusal === why && this.revisionOf(gatewayId) === keptRevision;
  }

  /** Ids of the gateways whose kept credentials a virtual server uses. */
  usedBy(manifest: ServerManifest): string[] {
    return manifest.gateways.filter((gateway) => usedIn(manifest, gateway) !== undefined).map(({ id }) => id);
  }

  /** The revision that is known of a gateway; 0 for none. */
  revisionOf(gatewayId: string): number {
    return this.entries.get(gatewayId)?.keptRevision ?? 0;
  }

  /**
   * Takes what is kept for a gateway now. Resolves when it is open, if a virtual server uses it.
   * @returns false if it is used and can't be opened
   */
  async take(entry: KeptEntry): Promise<boolean> {
    this.entries.set(entry.gatewayId, entry);
    const held = this.held.get(entry.gatewayId);
    return held === undefined || this.open(held, entry);
  }

  /** Resolves when calls have what was taken last and no longer the one before, or with false if they never will. */
  async whenUsed(gatewayId: string): Promise<boolean> {
    return (await this.held.get(gatewayId)?.changing) ?? true;
  }

  /** Opens what the virtual server will use. Call it before the manifest takes effect, so that no call comes too early. */
  async prepare(manifest: ServerManifest): Promise<void> {
    const used = manifest.gateways.filter((gateway) => usedIn(manifest, gateway) !== undefined);
    await Promise.all(
      used.map(async (gateway) => {
        const held = this.heldFor(gateway);
        const entry = this.entries.get(gateway.id);
        if (held && entry) await this.open(held, entry);
      }),
    );
  }

  /** How a virtual server uses what is kept for one of its gateways; undefined for callers' own credentials. */
  useIn(manifest: ServerManifest, gateway: ManifestGateway): KeptUse | undefined {
    const held = usedIn(manifest, gateway) && (this.heldFor(gateway) ?? NOTHING_HELD);
    return keptUse(manifest, gateway, held, (revision) => void this.rejected.add(`${gateway.slug} ${revision}`));
  }

  /** Which upstreams have rejected what is kept for them since the last time: `slug revision`. */
  takeRejected(): string[] {
    const taken = [...this.rejected];
    this.rejected.clear();
    return taken;
  }

  /** How many have no access token now, although they need one. */
  tokensMissing(now: number): number {
    const without = [...this.held.values()].filter((held) => held.parts(now) === undefined);
    return without.filter((held) => held.missing(now).why === 'kept_token').length;
  }

  /** Drops everything that is open, and asks for no tokens any more. */
  close(): void {
    this.isClosed = true;
    for (const held of this.held.values()) held.end();
    this.held.clear();
  }

  /** Undefined if a newer configuration has taken the place of this one, or all is closed. */
  private heldFor({ id, url, mappings, tlsCa, configRevision }: ManifestGateway): HeldCredential | undefined {
    const known = this.held.get(id);
    const digest = targetDigest({ mappings, tlsCa });
    if (known?.target.configRevision === configRevision && known.target.digest === digest && known.target.url === url) {
      return known;
    }
    if (this.isClosed || (known && known.target.configRevision > configRevision)) return undefined;
    known?.end();
    const made = new HeldCredential({
      ...{ target: { gatewayId: id, url, digest, configRevision }, tlsCa, ring: this.ring, policy: this.policy },
      onEnded: () => this.refusals.tell(id, 'envelope_expired', this.revisionOf(id)),
      onAsked: (outcome) => this.tokens.tell(id, outcome),
    });
    this.held.set(id, made);
    return made;
  }

  private async open(held: HeldCredential, entry: KeptEntry): Promise<boolean> {
    const why = await held.take(entry, new Date());
    if (why !== undefined) this.refusals.tell(entry.gatewayId, why, entry.keptRevision);
    return why === undefined;
  }
}

/**
 * The use of a gateway's kept credential by a virtual server; undefined for callers' own credentials. `kept` is `kept` also where
 * nothing can be used: a caller's own is not what the upstream is meant to get.
 * @param held undefined if nothing is kept, or this proxy opens nothing
 */
export function keptUse(
  { credentials }: ServerManifest,
  { slug }: ManifestGateway,
  held: KeptUse['held'],
  onRejected: KeptUse['onRejected'] = () => undefined,
): KeptUse | undefined {
  const use = credentials?.[slug];
  if (use === undefined || use === 'callers') return undefined;
  return use === 'kept' || held ? { use, held, onRejected } : undefined;
}

/** An open virtual server and one without grants use none: nobody was granted it. */
function usedIn(manifest: ServerManifest, { slug, credential }: ManifestGateway): KeptUse['use'] | undefined {
  const use = manifest.credentials?.[slug];
  if (credential !== 'kept' || use === undefined || use === 'callers') return undefined;
  return manifest.access === 'open' || !manifest.grants ? undefined : use;
}
