import type { ManifestGateway, PassthroughMapping, ServerManifest } from '@lethe/contracts';
import { clashingSources, exactHeaderName, mappingsProblem, shortHeaderName } from '@lethe/mcp';

/** Which gateway the short form of a header belongs to on this virtual server. */
export type ShortForm = 'own' | 'of_another' | 'without_owner';

/**
 * The headers with the credential of one mapping. Their names are computed once and compared exactly; no name is ever
 * parsed.
 */
export interface PassthroughHeader {
  readonly mapping: PassthroughMapping;
  /** As shown to people. */
  readonly exactName: string;
  readonly shortName: string;
  /** In lower case, for look-ups. */
  readonly exact: string;
  readonly short: string;
  readonly shortForm: ShortForm;
}

/**
 * The passthrough headers of each gateway, by id. Undefined when two names collide: a header's owner would be
 * ambiguous.
 */
export function compilePassthroughHeaders(manifest: ServerManifest): Map<string, PassthroughHeader[]> | undefined {
  if (clashingSources(manifest.gateways).length > 0) return undefined;
  const owners = shortFormOwners(manifest);
  const sources = new Map<string, PassthroughHeader[]>();
  for (const gateway of manifest.gateways) {
    if (mappingsProblem(gateway.mappings)) return undefined;
    sources.set(
      gateway.id,
      gateway.mappings.map((mapping) => sourceOf(gateway, mapping, owners)),
    );
  }
  return sources;
}

/** Lower-case header name -> slug of the gateway that owns its short form. */
function shortFormOwners(manifest: ServerManifest): Map<string, string> {
  return new Map(Object.entries(manifest.shortForm).map(([header, slug]) => [header.toLowerCase(), slug]));
}

function sourceOf(
  gateway: ManifestGateway,
  mapping: PassthroughMapping,
  owners: ReadonlyMap<string, string>,
): PassthroughHeader {
  const exactName = exactHeaderName(gateway.slug, mapping.header);
  const shortName = shortHeaderName(mapping.header);
  const owner = owners.get(mapping.header.toLowerCase());
  const shortForm = owner === undefined ? 'without_owner' : owner === gateway.slug ? 'own' : 'of_another';
  return {
    mapping,
    exactName,
    shortName,
    exact: exactName.toLowerCase(),
    short: shortName.toLowerCase(),
    shortForm,
  };
}
