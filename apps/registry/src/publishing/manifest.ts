import type { ManifestGateway, ServerManifest } from '@lethe/contracts';
import type { VirtualServer } from '../servers/server.entity.js';
import { usesBySlug } from '../servers/credential-uses.js';
import { withSlugs } from '../servers/stored-grants.js';
import type { PublishableGateway } from './publishable-gateways.service.js';
import { publishedFacts, withFittingInstructions } from './published-facts.js';

/** Converts a gateway to its entry in a manifest; undefined when it has no facts or no receipt. */
export function toManifestGateway(found: PublishableGateway): ManifestGateway | undefined {
  const { gateway, config, verification, isKept } = found;
  const { facts, receipt } = verification;
  if (!facts || typeof receipt !== 'string') return undefined;
  const { id, slug, name, enabled, listing, blocks, trustHints, limits, oauthClient } = gateway;
  const { url, mappings, revision } = config;
  return {
    id,
    slug,
    name,
    url,
    mappings,
    configRevision: revision,
    facts: publishedFacts(facts),
    enabled,
    listing,
    receipt,
    blocks,
    ...(typeof config.tlsCa === 'string' && { tlsCa: config.tlsCa }),
    ...(trustHints && { trustHints }),
    ...(limits && { limits }),
    ...(oauthClient && { oauthClient }),
    ...(isKept && { credential: 'kept' as const }),
  };
}

/** Builds the manifest of a server. Short forms that belong to unpublished gateways are dropped. */
export function toManifest(
  server: VirtualServer,
  revision: number,
  gateways: ManifestGateway[],
  names: string[],
): ServerManifest {
  const slugs = new Map(gateways.map(({ id, slug }) => [id, slug]));
  const shortForm = Object.entries(server.shortForm).flatMap(([header, id]) => {
    const slug = slugs.get(id);
    return slug === undefined ? [] : [[header, slug] as const];
  });
  const { id, slug, name, access, enabled, missingCredential, eras, description, instructions, grants, limits } =
    server;
  return {
    id,
    slug,
    revision,
    state: 'live',
    name,
    access,
    shortForm: Object.fromEntries(shortForm),
    gateways: withFittingInstructions(gateways, typeof instructions === 'string'),
    names,
    missingCredential,
    eras,
    ...(server.rejectedCredential === 'http' && { rejectedCredential: server.rejectedCredential }),
    ...(!enabled && { enabled }),
    ...(grants && { grants: withSlugs(grants, (gateway) => slugs.get(gateway)) }),
    ...(limits && { limits }),
    ...(server.credentials && { credentials: usesBySlug(server.credentials, slugs) }),
    ...(typeof description === 'string' && { description }),
    ...(typeof instructions === 'string' && { instructions }),
  };
}

/** Builds the tombstone of a deleted server: proxies drop the server and remember its revision. */
export function toTombstone({ id, slug, name, access }: VirtualServer, revision: number): ServerManifest {
  return { id, slug, revision, state: 'deleted', name, access, shortForm: {}, gateways: [], names: [] };
}
