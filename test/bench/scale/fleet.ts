import { randomUUID } from 'node:crypto';
import {
  BUCKETS,
  type Bucket,
  type CatalogueItem,
  type ExposedItem,
  type ManifestGateway,
  type ReceiptClaims,
} from '@lethe/contracts';
import { blockDigest, type Trust } from '@lethe/sealing';
import { toCatalogueBlocks, toNamesBlocks } from '../../../apps/registry/src/catalogue/blocks.js';

/** How much is published. */
export interface FleetSize {
  readonly servers: number;
  readonly gateways: number;
  readonly toolsPerGateway: number;
}

/** One entry of a bucket. */
export type Entry = [bucket: Bucket, key: string, value: string];

interface Member {
  readonly gateway: ManifestGateway;
  readonly items: CatalogueItem[];
}

/** Most gateways that one virtual server bundles. */
const MOST_GATEWAYS = 10;

/**
 * Gateways with their tools, and virtual servers that bundle one to ten of them whole: the first gateway of a server is
 * dealt out in turn, the others lie at growing distances from it, so that each is in about as many servers as any other.
 */
export class Fleet {
  private readonly members: Member[] = [];
  private revision = 0;

  private constructor(
    readonly size: FleetSize,
    private readonly trust: Trust,
    private readonly upstreamUrl: string,
  ) {}

  static async of(size: FleetSize, trust: Trust, upstreamUrl: string): Promise<Fleet> {
    const fleet = new Fleet(size, trust, upstreamUrl);
    for (let n = 0; n < size.gateways; n += 1) fleet.members.push(await fleet.member(n));
    return fleet;
  }

  slugOf(server: number): string {
    return `server-${server}`;
  }

  /** Blocks first, as a registry writes them. */
  async *entries(): AsyncGenerator<Entry> {
    for (const { items } of this.members) {
      yield* toCatalogueBlocks(items).map(({ digest, bytes }): Entry => [BUCKETS.blocks, digest, bytes]);
    }
    for (let server = 0; server < this.size.servers; server += 1) yield* await this.published(server);
  }

  /** A server's names block and its manifest, in a newer revision each time; other names with another `edition`. */
  async published(server: number, edition = 0): Promise<Entry[]> {
    const members = this.membersOf(server);
    const names = members.flatMap(({ gateway, items }) =>
      items.map(({ kind, own }): ExposedItem => ({
        ...{ kind, exposed: own, gateway: gateway.slug, own },
        ...(edition > 0 && { description: `Edition ${edition}` }),
      })),
    );
    const blocks = toNamesBlocks(names);
    const manifest = {
      ...{ id: randomUUID(), slug: this.slugOf(server), revision: ++this.revision, state: 'live' as const },
      ...{ name: `Server ${server}`, access: 'open' as const, shortForm: {} },
      gateways: members.map(({ gateway }) => gateway),
      names: blocks.map(({ digest }) => digest),
    };
    const jws = await this.trust.registrySigner().sign('manifest', manifest, new Date());
    const entries = blocks.map(({ digest, bytes }): Entry => [BUCKETS.blocks, digest, bytes]);
    return [...entries, [BUCKETS.servers, manifest.slug, jws]];
  }

  private membersOf(server: number): Member[] {
    return gatewaysOf(server, this.size).flatMap((gateway) => this.members[gateway] ?? []);
  }

  private async member(n: number): Promise<Member> {
    const items = Array.from({ length: this.size.toolsPerGateway }, (_, t) => toolOf(n, t));
    const subject = {
      ...{ gatewayId: randomUUID(), slug: `gateway-${n}`, url: this.upstreamUrl },
      ...{ mappings: [{ header: 'Authorization' }], configRevision: 1 },
    };
    const at = new Date();
    const order = { vid: randomUUID(), transport: 'auto' as const, attempt: 1, ...subject };
    const facts = {
      ...{ era: 'legacy' as const, protocolVersion: '2025-11-25', transport: 'streamable-http' as const },
      ...{ sessionful: false, listScope: 'unknown' as const },
    };
    const claims: ReceiptClaims = {
      ...{ order, outcome: 'verified', connector: 'bench', slot: randomUUID(), requests: 4, facts },
      ...{ origins: [new URL(subject.url).origin], startedAt: at.toISOString(), finishedAt: at.toISOString() },
      ...{ digest: blockDigest(subject.slug), slotEnd: { how: 'exited', at: at.toISOString() } },
      counts: { tools: items.length, resources: 0, resourceTemplates: 0, prompts: 0, skipped: 0 },
    };
    const gateway: ManifestGateway = {
      ...{ id: subject.gatewayId, slug: subject.slug, name: `Gateway ${n}`, url: subject.url },
      ...{ mappings: subject.mappings, configRevision: 1, enabled: true, listing: 'catalogue' },
      facts: { ...facts, serverInfo: { name: subject.slug, version: '1' }, capabilities: { tools: {} } },
      receipt: await this.trust.connectorSigner().sign('receipt', claims, at),
      blocks: toCatalogueBlocks(items).map(({ digest }) => digest),
    };
    return { gateway, items };
  }
}

/** Numbers of the gateways that a server bundles, in its order. */
export function gatewaysOf(server: number, { gateways }: FleetSize): number[] {
  const first = Math.floor(server / MOST_GATEWAYS) + server;
  const found = Array.from({ length: 1 + (server % MOST_GATEWAYS) }, (_, n) => (first + n * n * 7) % gateways);
  return [...new Set(found)];
}

export function toolName(gateway: number, tool: number): string {
  return `gateway_${gateway}_tool_${tool}`;
}

/** A tool as upstreams have them: two sentences and a schema of three members. */
function toolOf(gateway: number, tool: number): CatalogueItem {
  const own = toolName(gateway, tool);
  const text = (about: string) => ({ type: 'string', description: `The ${about} that tool ${tool} looks at` });
  return {
    kind: 'tool',
    own,
    definition: {
      name: own,
      title: `Tool ${tool} of ${gateway}`,
      description: `Looks something up in system ${gateway}. Returns what it found as text, or says that there is nothing.`,
      inputSchema: {
        type: 'object',
        properties: {
          query: text('query'),
          scope: text('scope'),
          limit: { type: 'integer', minimum: 1, maximum: 100 },
        },
        required: ['query'],
      },
    },
  };
}
