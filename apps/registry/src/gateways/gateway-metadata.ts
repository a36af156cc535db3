import type { GatewayLimits, OAuthClient } from '@lethe/contracts';
import { canonicalJson } from '@lethe/sealing';
import type {
  ChangeGatewayDto,
  GatewayLimitsDto,
  ItemTagsDto,
  OAuthClientDto,
  RegisterGatewayDto,
} from './gateway.dto.js';
import type { Gateway } from './gateway.entity.js';
import type { ItemTags } from './item-tags.js';

type GatewayMetadata = Pick<
  Gateway,
  | 'name'
  | 'description'
  | 'tags'
  | 'itemTags'
  | 'listing'
  | 'drift'
  | 'enabled'
  | 'trustHints'
  | 'limits'
  | 'oauthClient'
>;

/** What of a registration is no part of its configuration, with the values of what it leaves out. */
export function registeredMetadata({
  description,
  tags,
  itemTags,
  listing,
  drift,
  enabled,
  ...dto
}: RegisterGatewayDto): GatewayMetadata {
  return {
    name: dto.name,
    description: description ?? null,
    tags: tags ?? [],
    itemTags: storedItemTags(itemTags ?? []),
    listing: listing ?? 'catalogue',
    drift: drift ?? 'auto',
    enabled: enabled ?? true,
    trustHints: dto.trustHints ?? false,
    limits: dto.limits ? storedLimits(dto.limits) : null,
    oauthClient: dto.oauthClient ? storedClient(dto.oauthClient) : null,
  };
}

/** The given fields whose values are not the present ones. */
export function changedMetadata(dto: ChangeGatewayDto, now: Gateway): object {
  const { name, description, tags, listing, drift, enabled, trustHints } = dto;
  const limits = dto.limits && storedLimits(dto.limits);
  const oauthClient = dto.oauthClient && storedClient(dto.oauthClient);
  const itemTags = dto.itemTags && storedItemTags(dto.itemTags);
  const given = { name, description, tags, itemTags, listing, drift, enabled, trustHints, limits, oauthClient };
  const present: Record<string, unknown> = { ...now };
  return Object.fromEntries(
    Object.entries(given).filter(
      ([field, value]) => value !== undefined && canonicalJson(value) !== canonicalJson(present[field] ?? null),
    ),
  );
}

/** As plain objects. */
function storedItemTags(entries: ItemTagsDto[]): ItemTags[] {
  return entries.map(({ kind, name, tags }) => ({ kind, name, tags }));
}

/** As a plain object. */
function storedClient({ issuer, clientId }: OAuthClientDto): OAuthClient {
  return { issuer, clientId };
}

/** Without undefined members. */
function storedLimits({ concurrent, breaker }: GatewayLimitsDto): GatewayLimits {
  return {
    ...(concurrent !== undefined && { concurrent }),
    ...(breaker !== undefined && { breaker: { failures: breaker.failures, openSeconds: breaker.openSeconds } }),
  };
}
