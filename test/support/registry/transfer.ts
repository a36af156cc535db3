import { BUCKETS, type NamesBlock, type ServerManifest } from '@lethe/contracts';
import type { Type } from '@nestjs/common';
import {
  BreakerDto,
  GatewayLimitsDto,
  ItemTagsDto,
  MappingDto,
  OAuthClientDto,
} from '../../../apps/registry/src/gateways/gateway.dto.js';
import {
  CredentialUseDto,
  GrantDto,
  RateDto,
  ServerLimitsDto,
  ToolLimitDto,
} from '../../../apps/registry/src/servers/grant.dto.js';
import { IncludeRuleDto, ItemPickDto, ToolHintsDto } from '../../../apps/registry/src/servers/items.dto.js';
import { CatalogueDto, NameDto } from '../../../apps/registry/src/transfer/import.dto.js';
import type { RegistryHarness } from './registry-harness.js';

/** A plan as `POST /v1/import` answers it. */
export interface Plan {
  applied: boolean;
  planDigest: string;
  counts: { create: number; change: number; delete: number; unchanged: number; problems: number };
  objects: {
    kind: 'gateway' | 'server';
    slug: string;
    action: string;
    changes?: { field: string; before?: unknown; after?: unknown }[];
    verify?: string;
    keep?: string;
    catalogue?: string;
    problem?: { code: string; detail?: Record<string, unknown> };
  }[];
}

/** A whole export, as text. */
export async function exported({ admin }: RegistryHarness, query = '', accept = '*/*'): Promise<string> {
  const headers = { authorization: `Bearer ${admin.token}`, accept };
  const response = await fetch(`${admin.url}/v1/export${query}`, { headers });
  const text = await response.text();
  if (!response.ok) throw new Error(`GET /export${query}: ${response.status} ${text}`);
  return text;
}

/** Imports a document. */
export function imported(
  { admin }: RegistryHarness,
  document: string,
  query = '',
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Plan; headers: Headers }> {
  return admin.request<Plan>('POST', `/import${query}`, document, { 'content-type': 'application/yaml', ...headers });
}

/** What callers are served by a manifest, without what differs between registries. */
export async function served(of: RegistryHarness, slug: string): Promise<object> {
  const found = (await of.manifest(slug)) as ServerManifest & { iat: number };
  const { id: _id, revision: _revision, iat: _iat, names, ...manifest } = found;
  const { rows } = await of.sql.query<{ value: string }>(
    'select value from published_snapshot where bucket = $1 and key = any($2)',
    [BUCKETS.blocks, names],
  );
  const items = rows.flatMap(({ value }) => (JSON.parse(value) as NamesBlock).items);
  return { ...manifest, items: items.toSorted((a, b) => (a.exposed < b.exposed ? -1 : 1)) };
}

/** How much a registry has published and written to its audit log. */
export async function writtenBy({ sql }: RegistryHarness): Promise<object> {
  const { rows } = await sql.query<object>(
    `select (select value from counter where name = 'revision') as revision, (select count(*) from audit_entry) as entries,
      (select count(*) from outbox_message) as sent`,
  );
  return rows[0] ?? {};
}

/** A gateway with every field that can be given. Whoever adds one adds it here. */
export const FULL_GATEWAY = {
  name: 'Full: "of" all\nand # odd',
  url: 'https://full.example.com/mcp',
  transport: 'streamable-http',
  description: '- yes\n  \u2028null ~ \ttabbed ',
  tags: ['one', 'null'],
  itemTags: [
    { kind: 'tool', name: 's*', tags: ['reads'] },
    { kind: 'tool', name: 'fetch', tags: ['true', 'a:b/c'] },
  ],
  passthroughHeaders: [
    { header: 'Authorization', required: true, scheme: 'bearer' },
    { header: 'X-Other', to: { query: 'key' } },
  ],
  listing: 'live',
  drift: 'review',
  tlsCa: '-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUY2VydA==\n-----END CERTIFICATE-----\n',
  enabled: true,
  trustHints: true,
  limits: { concurrent: 5, breaker: { failures: 3, openSeconds: 20 } },
  oauthClient: { issuer: 'https://as.example.com/', clientId: 'https://acme.example.com/client.json' },
};

/** A virtual server with every field that can be given, of two gateways that both have `search`. */
export const FULL_SERVER = (first: string, second: string) => ({
  name: 'Full',
  description: 'With all',
  tags: ['two', '1.0'],
  instructions: '',
  items: [
    {
      ...{ gateway: first, kind: 'tool', name: 'search', as: 'list', description: 'Lists', enabled: true },
      ...{ readOnly: true, tags: ['chosen'] },
    },
    { gateway: second, kind: 'tool', name: 'other', enabled: false },
  ],
  include: [
    { gateway: second },
    { gateway: first, kinds: ['tool'], names: ['*'] },
    {
      ...{ gatewayTags: ['one'], tags: ['reads'] },
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    },
  ],
  access: {
    ...{ kind: 'jwt', issuer: 'https://issuer.example.com', audience: 'lethe' },
    ...{
      jwksUri: 'https://issuer.example.com/jwks',
      algorithms: ['ES256'],
      roles: { claim: 'groups', map: { a: 'ops' } },
    },
  },
  enabled: false,
  missingCredential: 'error',
  rejectedCredential: 'http',
  eras: 'both',
  maxNameLength: 40,
  grants: [{ role: 'ops', kinds: ['tool'], gateways: [first], names: ['*'], readOnly: true }, { role: '*' }],
  limits: {
    caller: { calls: 10, seconds: 60, burst: 5, concurrent: 2 },
    tools: [{ names: ['list'], caller: { calls: 1, seconds: 60 } }],
  },
  credentials: [{ gateway: first, use: 'callers-then-kept' }],
  shortForm: { Authorization: first },
});

/** Where objects of a request have objects of their own. */
export const NESTED: [path: string, dto: Type<object>][] = [
  ['gateway.catalogue', CatalogueDto],
  ['gateway.passthroughHeaders', MappingDto],
  ['gateway.itemTags', ItemTagsDto],
  ['gateway.limits', GatewayLimitsDto],
  ['gateway.limits.breaker', BreakerDto],
  ['gateway.oauthClient', OAuthClientDto],
  ['server.items', ItemPickDto],
  ['server.include', IncludeRuleDto],
  ['server.include.annotations', ToolHintsDto],
  ['server.grants', GrantDto],
  ['server.limits', ServerLimitsDto],
  ['server.limits.caller', RateDto],
  ['server.limits.tools', ToolLimitDto],
  ['server.credentials', CredentialUseDto],
  ['server.names', NameDto],
];

/** All values at a path, of every element of its lists. */
export function valuesAt(value: unknown, path: string): object[] {
  const step = (from: unknown, name: string): unknown[] =>
    [(from as Record<string, unknown>)[name]].flat().filter((each) => each !== undefined);
  return path
    .split('.')
    .reduce<unknown[]>((values, name) => values.flatMap((each) => step(each, name)), [value]) as object[];
}
