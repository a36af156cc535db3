import type { PassthroughMapping } from '@lethe/contracts';
import { isProofHeader, MAPPING_PROBLEMS, mappingProblem, mappingsProblem } from '@lethe/mcp';
import { CliError } from '../errors/cli.error.js';
import { type OAuthFlags, type OAuthPart, oauthPart } from './oauth-flags.js';

/** One secret of a credential, to be asked for: names only, never a value. */
export type SecretPart =
  | { scheme: 'bearer'; isFromLogin?: true }
  /** Without a user name, both are asked for. */
  | { scheme: 'basic'; username?: string }
  | OAuthPart
  /** An optional one may be left empty. */
  | { header: string; isOptional: boolean }
  /** A query parameter. `header`: by which callers send it. */
  | { query: string; header: string; isOptional: boolean };

/** The kind of credential to ask for, secret by secret. Empty: the upstream needs none. */
export type CredentialKind = readonly SecretPart[];

/** The parsed flags of a command that asks for a credential. */
export interface CredentialFlags extends OAuthFlags {
  bearer?: boolean;
  /** The bearer token comes from a login on this machine. */
  oauth?: boolean;
  basic?: string;
  header?: string[];
  query?: string[];
  /** False with `--no-credential`. */
  credential: boolean;
  credentialStdin?: boolean;
}

const OF_AUTHORIZATION = '--bearer, --oauth (a login), --basic and --oauth-client-id (client credentials)';

/**
 * The kind that the flags select; undefined if they select none.
 * @throws CliError `credential_kind` for flags that can not be combined
 */
export function chosenKind(flags: CredentialFlags): CredentialKind | undefined {
  const { credential, credentialStdin } = flags;
  const kind = partsOf(flags);
  if (!credential && kind.length > 0) throw unusable('--no-credential can not be combined with a credential');
  if (!credential && credentialStdin === true) {
    throw unusable('--no-credential and --credential-stdin can not be combined');
  }
  if (kind.filter((part) => 'scheme' in part).length > 1)
    throw unusable(`${OF_AUTHORIZATION} all fill the Authorization header; use one of them`);
  const broken = mappingsProblem(mappingsOf(kind));
  if (broken?.problem === 'duplicate') throw unusable('Two of these flags fill the same header or query parameter');
  if (broken !== undefined) throw unusable(MAPPING_PROBLEMS[broken.problem]);
  return kind.length === 0 && credential ? undefined : kind;
}

function partsOf(flags: CredentialFlags): SecretPart[] {
  const { bearer, oauth, basic, header = [], query = [] } = flags;
  const client = oauthPart(flags);
  return [
    ...(bearer === true ? [{ scheme: 'bearer' } as const] : []),
    ...(oauth === true ? [{ scheme: 'bearer', isFromLogin: true } as const] : []),
    ...(basic === undefined ? [] : [{ scheme: 'basic', username: basic } as const]),
    ...(client === undefined ? [] : [client]),
    ...header.map((name) => ({ header: name, isOptional: false })),
    ...query.map((name) => ({ query: name, header: headerFor(name), isOptional: false })),
  ];
}

/**
 * Like `chosenKind`, for a command that needs the flags.
 * @throws CliError `credential_kind`
 */
export function requireKind(flags: CredentialFlags): CredentialKind {
  const kind = chosenKind(flags);
  if (kind !== undefined) return kind;
  const flagNames = '--bearer, --oauth, --basic, --header, --query, --oauth-client-id or --no-credential';
  throw unusable(`Choose the credential that the upstream needs: ${flagNames}`);
}

/** The mappings of a gateway whose upstream needs this kind: every caller has to send the same headers. */
export function mappingsOf(kind: CredentialKind): PassthroughMapping[] {
  return kind.map((part) => {
    if ('query' in part) return { header: part.header, required: true, to: { query: part.query } };
    if ('header' in part) return { header: part.header, required: true };
    // Callers bring an access token of their own.
    return { header: 'Authorization', scheme: part.scheme === 'oauth' ? 'bearer' : part.scheme, required: true };
  });
}

/** The header by which callers send a query parameter: of the same name, as far as a header may have it. */
function headerFor(query: string): string {
  const name = query.replaceAll('_', '-');
  return mappingProblem({ header: name }) === undefined ? name : `Query-${name}`;
}

/**
 * The kind that a gateway's mappings ask for, for a verification that sends what callers send. It can't sign for a token that is
 * bound to a key, so that it sends a bearer token instead.
 */
export function kindOfMappings(mappings: readonly PassthroughMapping[]): CredentialKind {
  const sent = mappings.filter(({ header }) => !isProofHeader(header));
  return sent.map(({ header, scheme, required, to }) => {
    const isOptional = required !== true;
    if (to !== undefined) return { query: to.query, header, isOptional };
    const isAuthorization = header.toLowerCase() === 'authorization';
    if (scheme === 'dpop') return { scheme: 'bearer' };
    return isAuthorization && scheme !== undefined ? { scheme } : { header, isOptional };
  });
}

/** Whether the person has to sign in for a credential of this kind. */
export function isFromLogin(kind: CredentialKind): boolean {
  return kind.some((part) => 'isFromLogin' in part);
}

/**
 * How the kind differs from what callers of the gateway send; undefined if it does not.
 * @param words for what sends the kind, and for callers
 */
export function differenceText(
  kind: CredentialKind,
  mappings: readonly PassthroughMapping[],
  [sends, called] = ['This verification sends', 'calls go on sending'],
): string | undefined {
  const sent = mappingsOf(kind);
  const isIn = (one: PassthroughMapping, others: readonly PassthroughMapping[]): boolean =>
    others.some((other) => placeOf(other) === placeOf(one) && isSameScheme(other.scheme, one.scheme));
  const isSame =
    sent.every((one) => isIn(one, mappings)) &&
    mappings.every((mapping) => mapping.required !== true || isIn(mapping, sent));
  if (isSame) return undefined;
  return `${sends} ${listText(sent)}; ${called} ${listText(mappings)}`;
}

/** Where the upstream gets the value. */
function placeOf({ header, to }: PassthroughMapping): string {
  return to === undefined ? `header ${header.toLowerCase()}` : `query ${to.query}`;
}

/** A mapping or flag without a scheme takes any. */
function isSameScheme(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

function listText(mappings: readonly PassthroughMapping[]): string {
  const texts = mappings.map(({ header, scheme, to }) => {
    if (to !== undefined) return `the query parameter ${to.query}`;
    return scheme === undefined ? header : `${header} (${scheme})`;
  });
  return texts.join(', ') || 'no credential';
}

function unusable(rule: string): CliError {
  return new CliError('usage', 'credential_kind', rule);
}
