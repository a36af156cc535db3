import { randomUUID } from 'node:crypto';
import {
  type Bucket,
  BUCKETS,
  type CallerEntry,
  type CatalogueItem,
  type Credential,
  type ExposedItem,
  type GatewayLimits,
  type KeptEntry,
  type KeptOfferClaims,
  type ManifestGateway,
  type OAuthClient,
  type OrderSubject,
  type PassthroughMapping,
  type ReceiptClaims,
  type ServerManifest,
  type UpstreamFacts,
} from '@lethe/contracts';
import type { MemoryBroker } from '@lethe/messaging';
import { canonicalUrl } from '@lethe/mcp';
import { blockDigest, callerKeyMac, callerRolesMac, sealKept, targetDigest, type Trust } from '@lethe/sealing';

/** Facts of an upstream of the modern era. */
export const MODERN_FACTS = { era: 'modern', protocolVersion: '2026-07-28' } as const satisfies Partial<UpstreamFacts>;

/** A gateway as a test describes it; the rest is filled in. */
export interface GatewayDraft {
  id?: string;
  slug: string;
  /** The slug otherwise. */
  name?: string;
  url: string;
  items: CatalogueItem[];
  facts?: Partial<UpstreamFacts>;
  mappings?: PassthroughMapping[];
  enabled?: boolean;
  listing?: 'catalogue' | 'live';
  trustHints?: true;
  limits?: GatewayLimits;
  tlsCa?: string;
  credential?: 'kept';
  oauthClient?: OAuthClient;
  configRevision?: number;
  /** What the receipt says instead of the truth. */
  receiptSays?: Partial<OrderSubject>;
  /** When the connector signed the receipt; now otherwise. */
  verifiedAt?: Date;
}

export interface ServerDraft extends Partial<Omit<ServerManifest, 'gateways' | 'names'>> {
  slug: string;
  gateways: GatewayDraft[];
  /** Exposed name by `<slug> <own>`; own names otherwise, the first gateway's when two clash. */
  exposed?: Record<string, string>;
}

/** What is different about a credential that is kept. */
export interface KeptDraft {
  sealedFor?: Partial<KeptOfferClaims>;
  entry?: Partial<KeptEntry>;
  /** When it was sealed; now otherwise. */
  at?: Date;
}

const NO_KEY: KeptOfferClaims['jwk'] = { kty: 'OKP', crv: 'X25519', x: '' };

/** Plays the registry and the connector: signs manifests, receipts and callers, and puts them where proxies look. */
export class PublishedRoutes {
  private revision = 0;
  private readonly kept = new Map<string, KeptEntry>();
  /** By `bucket key`. */
  private readonly newest = new Map<string, number>();

  /** @param broker the bus, or what puts snapshots on another kind of bus */
  constructor(
    private readonly broker: { snapshots: Pick<MemoryBroker['snapshots'], 'put'> },
    private readonly trust: Trust,
  ) {}

  async publish(draft: ServerDraft): Promise<ServerManifest> {
    const manifest = await this.manifest(draft);
    const { slug, revision } = manifest;
    this.newest.set(`${BUCKETS.servers} ${slug}`, revision);
    this.putManifest(slug, await this.sign(manifest));
    return manifest;
  }

  /** Of the entry that was published last by `publish`, `key`, `keep` or `forget`. */
  revisionOf(bucket: Bucket, key: string): number {
    return this.newest.get(`${bucket} ${key}`) ?? 0;
  }

  async manifest({ gateways, exposed = {}, ...rest }: ServerDraft): Promise<ServerManifest> {
    const members = await Promise.all(gateways.map((gateway) => this.gateway(gateway)));
    const taken = new Set<string>();
    const names = gateways.flatMap((gateway, at) =>
      gateway.items.flatMap(({ kind, own }): ExposedItem[] => {
        const name = exposed[`${gateway.slug} ${own}`] ?? own;
        if (taken.has(`${kind} ${name}`)) return [];
        taken.add(`${kind} ${name}`);
        return [{ kind, exposed: name, gateway: members[at]?.id ?? '', own }];
      }),
    );
    return {
      id: randomUUID(),
      revision: ++this.revision,
      state: 'live',
      name: rest.slug,
      access: 'open',
      shortForm: {},
      ...rest,
      gateways: members,
      names: [this.putBlock({ kind: 'names', items: names })],
    };
  }

  sign(manifest: ServerManifest): Promise<string> {
    return this.trust.registrySigner().sign('manifest', manifest, new Date());
  }

  putManifest(key: string, jws: string): void {
    this.broker.snapshots.put(BUCKETS.servers, key, jws);
  }

  /** A caller's key for these servers. With id and secret of an earlier one it takes its place. */
  async key(servers: string[] | '*', given: Partial<CallerEntry> & { secret?: string } = {}): Promise<string> {
    const { secret = randomUUID(), ...more } = given;
    const keyId = more.keyId ?? randomUUID();
    const exp = more.exp ?? null;
    const mac = callerKeyMac(this.trust.rowsMac(), { keyId, secret, servers, exp });
    const { roles } = more;
    const held = roles && { rolesMac: callerRolesMac(this.trust.rowsMac(), { keyId, mac, roles }) };
    const base = { keyId, mac, servers, exp, ...held, revoked: false, revision: ++this.revision };
    const entry: CallerEntry = { ...base, ...more };
    const jws = await this.trust.registrySigner().sign('caller', entry, new Date());
    this.newest.set(`${BUCKETS.callers} ${keyId}`, entry.revision);
    this.broker.snapshots.put(BUCKETS.callers, keyId, jws);
    return `lethe_key_${keyId}_${secret}`;
  }

  /** Keeps a credential for a gateway of a manifest. `sealedFor`: what it is sealed for instead; `entry`: what is published instead. */
  async keep(gateway: ManifestGateway, credential: Credential, given: KeptDraft = {}): Promise<string> {
    const { id, url, mappings, tlsCa, configRevision } = gateway;
    const { kid = '', jwk = NO_KEY } = this.trust.keptIdentity() ?? {};
    const target = { gatewayId: id, url, digest: targetDigest({ mappings, tlsCa }), configRevision };
    const revision = ++this.revision;
    const offer = { ...target, keptRevision: revision, kid, jwk, exp: 0, ...given.sealedFor };
    const sealed = await sealKept(offer, credential, { now: given.at ?? new Date() });
    const entry: KeptEntry = { gatewayId: id, keptRevision: revision, sealed, revision, ...given.entry };
    this.kept.set(id, entry);
    this.newest.set(`${BUCKETS.kept} ${id}`, entry.revision);
    return this.putKept(id, await this.trust.registrySigner().sign('kept', entry, new Date()));
  }

  /** Of the entry that was published last for a gateway. */
  keptRevisionOf(gatewayId: string): number | undefined {
    return this.kept.get(gatewayId)?.keptRevision;
  }

  /** Deletes what is kept for a gateway. */
  async forget(gatewayId: string, given: Partial<KeptEntry> = {}): Promise<string> {
    const revision = ++this.revision;
    const entry: KeptEntry = { gatewayId, keptRevision: revision, sealed: null, revision, ...given };
    this.kept.set(gatewayId, entry);
    this.newest.set(`${BUCKETS.kept} ${gatewayId}`, entry.revision);
    return this.putKept(gatewayId, await this.trust.registrySigner().sign('kept', entry, new Date()));
  }

  putKept(key: string, jws: string): string {
    this.broker.snapshots.put(BUCKETS.kept, key, jws);
    return jws;
  }

  putBlock(block: object): string {
    const bytes = JSON.stringify(block);
    this.broker.snapshots.put(BUCKETS.blocks, blockDigest(bytes), bytes);
    return blockDigest(bytes);
  }

  private async gateway(draft: GatewayDraft): Promise<ManifestGateway> {
    const facts: UpstreamFacts = {
      era: 'legacy',
      protocolVersion: '2025-11-25',
      transport: 'streamable-http',
      sessionful: false,
      listScope: 'unknown',
      serverInfo: { name: draft.slug, version: '1' },
      capabilities: {},
      ...draft.facts,
    };
    const subject = {
      gatewayId: draft.id ?? randomUUID(),
      slug: draft.slug,
      url: canonicalUrl(draft.url),
      mappings: draft.mappings ?? [{ header: 'Authorization' }],
      configRevision: draft.configRevision ?? 1,
    };
    return {
      id: subject.gatewayId,
      slug: subject.slug,
      name: draft.name ?? draft.slug,
      url: subject.url,
      mappings: subject.mappings,
      configRevision: subject.configRevision,
      facts,
      enabled: draft.enabled ?? true,
      listing: draft.listing ?? 'catalogue',
      ...(draft.trustHints && { trustHints: draft.trustHints }),
      ...(draft.limits && { limits: draft.limits }),
      ...(draft.tlsCa !== undefined && { tlsCa: draft.tlsCa }),
      ...(draft.credential && { credential: draft.credential }),
      ...(draft.oauthClient && { oauthClient: draft.oauthClient }),
      receipt: await this.receipt(
        { vid: randomUUID(), transport: 'auto', attempt: 1, ...subject, ...draft.receiptSays },
        draft.verifiedAt ?? new Date(),
      ),
      blocks: [this.putBlock({ kind: 'catalogue', items: draft.items })],
    };
  }

  private receipt(order: OrderSubject, signedAt: Date): Promise<string> {
    const at = signedAt.toISOString();
    const claims: ReceiptClaims = {
      order,
      outcome: 'verified',
      connector: 'test',
      slot: randomUUID(),
      origins: [new URL(order.url).origin],
      requests: 3,
      startedAt: at,
      finishedAt: at,
      slotEnd: { how: 'exited', at },
    };
    return this.trust.connectorSigner().sign('receipt', claims, signedAt);
  }
}

/** What a client of the SDK sees of an upstream, as catalogue items. */
export function catalogueItems(lists: {
  tools?: { name: string }[];
  resources?: { uri: string }[];
  resourceTemplates?: { uriTemplate: string }[];
  prompts?: { name: string }[];
}): CatalogueItem[] {
  const plain = (value: object) => JSON.parse(JSON.stringify(value));
  return [
    ...(lists.tools ?? []).map((item) => ({ kind: 'tool' as const, own: item.name, definition: plain(item) })),
    ...(lists.resources ?? []).map((item) => ({ kind: 'resource' as const, own: item.uri, definition: plain(item) })),
    ...(lists.resourceTemplates ?? []).map((item) => ({
      kind: 'resourceTemplate' as const,
      own: item.uriTemplate,
      definition: plain(item),
    })),
    ...(lists.prompts ?? []).map((item) => ({ kind: 'prompt' as const, own: item.name, definition: plain(item) })),
  ];
}

/** A tool without arguments. */
export function tool(name: string): CatalogueItem {
  return { kind: 'tool', own: name, definition: { name, inputSchema: { type: 'object' } } };
}

/** A resource, named by its URI. */
export function resource(uri: string): CatalogueItem {
  return { kind: 'resource', own: uri, definition: { uri, name: uri } };
}
