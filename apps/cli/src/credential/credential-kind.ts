import type { PassthroughMapping } from '@lethe/contracts';
import { MAPPING_PROBLEMS, mappingsProblem } from '@lethe/mcp';
import { CliError } from '../errors/cli.error.js';

/** One secret of a credential, to be asked for: names only, never a value. */
export type SecretPart =
  | { scheme: 'bearer' }
  /** Without a user name, both are asked for. */
  | { scheme: 'basic'; username?: string }
  /** An optional one may be left empty. */
  | { header: string; isOptional: boolean };

/** The kind of credential to ask for, secret by secret. Empty: the upstream needs none. */
export type CredentialKind = readonly SecretPart[];

/** The parsed flags of a command that asks for a credential. */
export interface CredentialFlags {
  bearer?: boolean;
  basic?: string;
  header?: string[];
  /** False with `--no-credential`. */
  credential: boolean;
  credentialStdin?: boolean;
}

/**
 * The kind that the flags select; undefined if they select none.
 * @throws CliError `credential_kind` for flags that can not be combined
 */
export function chosenKind(flags: CredentialFlags): CredentialKind | undefined {
  const { bearer, basic, header = [], credential, credentialStdin } = flags;
  const kind: SecretPart[] = [
    ...(bearer === true ? [{ scheme: 'bearer' } as const] : []),
    ...(basic === undefined ? [] : [{ scheme: 'basic', username: basic } as const]),
    ...header.map((name) => ({ header: name, isOptional: false })),
  ];
  if (!credential && kind.length > 0) throw unusable('--no-credential can not be combined with a credential');
  if (!credential && credentialStdin === true) {
    throw unusable('--no-credential and --credential-stdin can not be combined');
  }
  if (bearer === true && basic !== undefined)
    throw unusable('--bearer and --basic both fill the Authorization header; use one of them');
  const broken = mappingsProblem(mappingsOf(kind));
  if (broken?.problem === 'duplicate') throw unusable('Two of these flags fill the same header');
  if (broken !== undefined) throw unusable(MAPPING_PROBLEMS[broken.problem]);
  return kind.length === 0 && credential ? undefined : kind;
}

/**
 * Like `chosenKind`, for a command that needs the flags.
 * @throws CliError `credential_kind`
 */
export function requireKind(flags: CredentialFlags): CredentialKind {
  const kind = chosenKind(flags);
  if (kind !== undefined) return kind;
  throw unusable('Choose the credential that the upstream needs: --bearer, --basic, --header or --no-credential');
}

/** The mappings of a gateway whose upstream needs this kind: every caller has to send the same headers. */
export function mappingsOf(kind: CredentialKind): PassthroughMapping[] {
  return kind.map((part) =>
    'header' in part
      ? { header: part.header, required: true }
      : { header: 'Authorization', scheme: part.scheme, required: true },
  );
}

/**
 * The kind that a gateway's mappings ask for, for a verification that sends what callers send.
 * @throws CliError `credential_kind` for a mapping to a query parameter, which no handshake can fill
 */
export function kindOfMappings(mappings: readonly PassthroughMapping[]): CredentialKind {
  return mappings.map(({ header, scheme, required, to }) => {
    if (to !== undefined)
      throw unusable(`The upstream takes ${header} as a query parameter, which can not be verified`);
    const isAuthorization = header.toLowerCase() === 'authorization';
    return isAuthorization && scheme !== undefined ? { scheme } : { header, isOptional: required !== true };
  });
}

/** How the kind differs from what callers of the gateway send; undefined if it does not. */
export function differenceText(kind: CredentialKind, mappings: readonly PassthroughMapping[]): string | undefined {
  const sent = mappingsOf(kind);
  const isIn = (one: PassthroughMapping, others: readonly PassthroughMapping[]): boolean =>
    others.some(({ header, scheme }) => isSameHeader(header, one.header) && isSameScheme(scheme, one.scheme));
  const isSame =
    sent.every((one) => isIn(one, mappings)) &&
    mappings.every((mapping) => mapping.required !== true || isIn(mapping, sent));
  if (isSame) return undefined;
  return `This verification sends ${listText(sent)}; calls go on sending ${listText(mappings)}`;
}

function isSameHeader(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** A mapping or flag without a scheme takes any. */
function isSameScheme(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

function listText(mappings: readonly PassthroughMapping[]): string {
  const texts = mappings.map(({ header, scheme }) => (scheme === undefined ? header : `${header} (${scheme})`));
  return texts.join(', ') || 'no credential';
}

function unusable(rule: string): CliError {
  return new CliError('usage', 'credential_kind', rule);
}
