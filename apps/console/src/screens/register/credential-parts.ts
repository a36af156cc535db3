import { isProofHeader, mappingProblem } from '@lethe/mcp';
import type { Probe, Registration } from '../../api/registration.js';

/** A passthrough mapping as the admin API has it. */
export type Mapping = NonNullable<Registration['passthroughHeaders']>[number];

/** How an upstream wants to be told who calls: what callers send for it, and what is typed for a verification. */
export const KINDS = ['bearer', 'basic', 'header', 'query', 'none'] as const;
/** One of `KINDS`. */
export type Kind = (typeof KINDS)[number];

/** One secret that is typed: for the Authorization header, for a header, or for a query parameter. */
export type SecretPart =
  | { at: 'bearer' | 'basic' }
  | { at: 'header'; name: string; isOptional: boolean }
  | { at: 'query'; name: string; isOptional: boolean };

/** What a challenge of an upstream suggests. */
export function kindOfProbe({ outcome, challenge }: Probe): Kind {
  if (outcome === 'open') return 'none';
  const schemes = (challenge?.schemes ?? []).map((scheme) => scheme.toLowerCase());
  if (schemes.includes('basic') && !schemes.includes('bearer')) return 'basic';
  return schemes.length > 0 && !schemes.includes('bearer') ? 'header' : 'bearer';
}

/** The mappings of a gateway whose upstream wants this kind. @param name of the header or query parameter, where it has one */
export function mappingsOfKind(kind: Kind, name: string): Mapping[] {
  if (kind === 'none') return [];
  if (kind === 'header') return [{ header: name, required: true }];
  if (kind === 'query') return [{ header: headerForQuery(name), required: true, to: { query: name } }];
  return [{ header: 'Authorization', scheme: kind, required: true }];
}

/** The header by which callers send a query parameter: of the same name, as far as a header may have it. */
export function headerForQuery(query: string): string {
  const name = query.replaceAll('_', '-');
  return mappingProblem({ header: name }) === undefined ? name : `Query-${name}`;
}

/**
 * The secrets that the mappings of a gateway ask for. A verification can't sign for a token that is bound to a key (DPoP), so that
 * it sends a bearer token instead.
 */
export function partsOf(mappings: readonly Mapping[]): SecretPart[] {
  const sent = mappings.filter(({ header }) => !isProofHeader(header));
  return sent.map(({ header, scheme, required, to }) => {
    const isOptional = required !== true;
    if (to !== undefined) return { at: 'query', name: to.query, isOptional };
    const isAuthorization = header.toLowerCase() === 'authorization';
    if (!isAuthorization || scheme === undefined) return { at: 'header', name: header, isOptional };
    return { at: scheme === 'basic' ? 'basic' : 'bearer' };
  });
}
