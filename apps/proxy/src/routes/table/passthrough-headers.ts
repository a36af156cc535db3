import type { ManifestGateway, PassthroughMapping, ServerManifest } from '@lethe/contracts';
import { clashingSources, exactHeaderName, isProofHeader, mappingsProblem, shortHeaderName } from '@lethe/mcp';

/** Which gateway the short form of a header belongs to on this virtual server; `none` for a header that has none. */
export type ShortForm = 'own' | 'of_another' | 'without_owner' | 'none';

/**
 * The headers with the credential of one mapping. Their names are computed once and compared exactly; no name is ever
 * parsed.
 */
export interface PassthroughHeader {
  readonly mapping: PassthroughMapping;
  /** As shown to people. */
  readonly exactName: string;
  readonly shortName: string | undefined;
  /** In lower case, for look-ups. */
  readonly exact: string;
  /** Undefined when the short form is never this gateway's. */
  readonly short: string | undefined;
  readonly shortForm: ShortForm;
  /** Its value is a list of proofs of possession. */
  readonly hasProofs: boolean;
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
type Owners = ReadonlyMap<string, string>;

function shortFormOwners(manifest: ServerManifest): Owners {
  return new Map(Object.entries(manifest.shortForm).map(([header, slug]) => [header.toLowerCase(), slug]));
}

function sourceOf(gateway: ManifestGateway, mapping: PassthroughMapping, owners: Owners): PassthroughHeader {
  const exactName = exactHeaderName(gateway.slug, mapping.header);
  const shortName = shortHeaderName(mapping.header);
  const shortForm = shortFormOf(gateway, mapping, owners);
  const isRead = shortForm === 'own' || shortForm === 'without_owner';
  return {
    mapping,
    exactName,
    shortName,
    exact: exactName.toLowerCase(),
    short: isRead ? shortName?.toLowerCase() : undefined,
    shortForm,
    hasProofs: isProofHeader(mapping.header),
  };
}

function shortFormOf(gateway: ManifestGateway, { header }: PassthroughMapping, owners: Owners): ShortForm {
  if (shortHeaderName(header) === undefined) return 'none';
  const owner = owners.get(header.toLowerCase());
  if (owner === undefined) return 'without_owner';
  return owner === gateway.slug ? 'own' : 'of_another';
}
