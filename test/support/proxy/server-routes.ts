import type {
  CatalogueItem,
  CredentialUse,
  ExposedItem,
  Grant,
  ItemKind,
  JsonObject,
  PassthroughMapping,
  ServerAccess,
  ServerManifest,
  UpstreamFacts,
} from '@lethe/contracts';
import { compilePassthroughHeaders } from '../../../apps/proxy/src/routes/table/passthrough-headers.js';
import { BlockStore } from '../../../apps/proxy/src/routes/content/block-store.js';
import type { KeptGateways } from '../../../apps/proxy/src/routes/table/kept-gateways.js';
import { toGateway } from '../../../apps/proxy/src/routes/table/gateway.js';
import { loadItems } from '../../../apps/proxy/src/routes/table/item-table.js';
import { VirtualServer } from '../../../apps/proxy/src/routes/table/virtual-server.js';
import { blockDigest } from '@lethe/sealing';

export interface TestGateway {
  slug: string;
  mappings: PassthroughMapping[];
  items?: [kind: ItemKind, own: string, definition?: JsonObject, more?: Partial<CatalogueItem>][];
  url?: string;
  facts?: Partial<UpstreamFacts>;
  enabled?: boolean;
  trustHints?: true;
  credential?: 'kept';
  /** Of single items, by their own names: whether they only read. */
  readOnly?: Record<string, boolean>;
}

interface TestServer {
  shortForm?: Record<string, string>;
  access?: ServerAccess;
  id?: string;
  grants?: Grant[];
  /** By slug. */
  credentials?: Record<string, CredentialUse>;
  kept?: KeptGateways;
}

/** A compiled virtual server for unit tests. */
export function serverRoutes(gateways: TestGateway[], more: TestServer = {}): VirtualServer {
  const blocks = new BlockStore();
  const put = (block: object): string => {
    const bytes = JSON.stringify(block);
    blocks.add(blockDigest(bytes), bytes, 0);
    return blockDigest(bytes);
  };
  const manifest = manifestOf(gateways, more, put);
  const sources = compilePassthroughHeaders(manifest);
  const routes = manifest.gateways.map((gateway) =>
    toGateway(
      gateway,
      sources?.get(gateway.id) ?? [],
      true,
      { allowed: ['127.0.0.0/8'] },
      undefined,
      more.kept?.useIn(manifest, gateway),
    ),
  );
  return new VirtualServer(manifest, routes, (compiled) => loadItems(manifest, compiled, blocks));
}

function manifestOf(gateways: TestGateway[], more: TestServer, put: (block: object) => string): ServerManifest {
  const items = gateways.map(({ items: own = [] }) => own.map((item) => itemOf(...item)));
  const names = gateways.flatMap(({ slug, readOnly = {} }, at) =>
    (items[at] ?? []).map(({ kind, own }): ExposedItem => {
      const override = readOnly[own];
      const line = { kind, own, exposed: own, gateway: `id-${slug}` };
      return override === undefined ? line : { ...line, readOnly: override };
    }),
  );
  return {
    id: more.id ?? 'server-1',
    slug: 'server',
    revision: 1,
    state: 'live',
    name: 'Server',
    access: more.access ?? 'open',
    shortForm: more.shortForm ?? {},
    ...(more.grants && { grants: more.grants }),
    ...(more.credentials && { credentials: more.credentials }),
    names: [put({ kind: 'names', items: names })],
    gateways: gateways.map(
      ({ slug, mappings, url = 'http://127.0.0.1:9/mcp', facts, enabled = true, trustHints, credential }, at) => ({
        id: `id-${slug}`,
        slug,
        name: slug,
        url,
        mappings,
        configRevision: 1,
        facts: {
          era: 'legacy',
          protocolVersion: '2025-11-25',
          transport: 'streamable-http',
          sessionful: false,
          listScope: 'unknown',
          serverInfo: {},
          capabilities: {},
          ...facts,
        },
        enabled,
        ...(trustHints && { trustHints }),
        ...(credential && { credential }),
        listing: 'catalogue',
        receipt: '',
        blocks: [put({ kind: 'catalogue', items: items[at] ?? [] })],
      }),
    ),
  };
}

function itemOf(
  kind: ItemKind,
  own: string,
  definition: JsonObject = {},
  more: Partial<CatalogueItem> = {},
): CatalogueItem {
  const member = { tool: 'name', prompt: 'name', resource: 'uri', resourceTemplate: 'uriTemplate' }[kind];
  return { kind, own, definition: { [member]: own, unknownMember: { kept: true }, ...definition }, ...more };
}
