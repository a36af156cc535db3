import type { MappingScheme, PassthroughMapping } from '@lethe/contracts';
import { exactHeaderName, isProofHeader, shortHeaderName } from './header-rules.js';

/** The variable that configurations of clients read the caller's key from. */
export const KEY_VARIABLE = 'LETHE_KEY';

/** Each scheme as values begin with it. */
export const SCHEME_NAMES: Readonly<Record<MappingScheme, string>> = { bearer: 'Bearer', basic: 'Basic', dpop: 'DPoP' };

/** A header that a caller sends for one gateway. */
export interface NeededHeader {
  gateway: string;
  /** The upstream's header. */
  header: string;
  /** Valid on every virtual server with this gateway. */
  exact: string;
  /** The short form, if this gateway owns it on the virtual server. */
  short: string | undefined;
  scheme: MappingScheme | undefined;
  required: boolean;
  /** The environment variable that configurations of clients read the value from, without its scheme. */
  variable: string;
}

/** A gateway, as far as its callers need to know it. */
export interface CalledGateway {
  id: string;
  slug: string;
  passthroughHeaders: readonly PassthroughMapping[];
}

/** The headers that callers send for these gateways. `shortForm`: which gateway (id or slug) owns which short form. */
export function neededHeaders(
  gateways: readonly CalledGateway[],
  shortForm: Readonly<Record<string, string>>,
): NeededHeader[] {
  const owners = new Map(Object.entries(shortForm).map(([header, owner]) => [header.toLowerCase(), owner]));
  const headers = gateways.flatMap(({ id, slug, passthroughHeaders }) =>
    passthroughHeaders.map(({ header, scheme, required }) => {
      const owner = owners.get(header.toLowerCase());
      const short = owner === id || owner === slug ? shortHeaderName(header) : undefined;
      const exact = exactHeaderName(slug, header);
      return { gateway: slug, header, exact, short, scheme, required: required === true };
    }),
  );
  const variables = distinctVariables(headers.map(variableOf));
  return headers.map((header, index) => ({ ...header, variable: variables[index] ?? '' }));
}

/** The name to send: the short form where it is valid. */
export function nameToSend({ exact, short }: NeededHeader): string {
  return short ?? exact;
}

/** The header's value, around what stands for the secret. */
export function valueWith({ scheme }: NeededHeader, secret: string): string {
  if (scheme === undefined) return secret;
  return `${SCHEME_NAMES[scheme]} ${secret}`;
}

/** What the secret of a header is, in words. */
export function secretText({ gateway, header, scheme }: NeededHeader): string {
  if (scheme === 'bearer') return `your own token for ${gateway}`;
  if (scheme === 'dpop') return `your own token for ${gateway}, bound to a key that lethe bridge has`;
  if (isProofHeader(header)) return `proofs for ${gateway}, which lethe bridge signs`;
  if (scheme === 'basic') return `your own user:password for ${gateway}, in base64`;
  const what = header.toLowerCase() === 'authorization' ? 'credential' : header;
  return `your own ${what} for ${gateway}${beginsWithScheme(header) ? ', with its scheme' : ''}`;
}

/** Whether a header can have an access token: `Authorization`, unless its mapping is for Basic. */
export function canHaveToken({ header, scheme }: Pick<PassthroughMapping, 'header' | 'scheme'>): boolean {
  return header.toLowerCase() === 'authorization' && scheme !== 'basic';
}

/** Whether the value of a header begins with a scheme: `Authorization`, and the header of a gateway further on for it. */
export function beginsWithScheme(header: string): boolean {
  return /^(x-upstream-.*)?authorization$/i.test(header);
}

function variableOf({ gateway, header, scheme }: Pick<NeededHeader, 'gateway' | 'header' | 'scheme'>): string {
  const kind = scheme === 'bearer' || scheme === 'dpop' ? 'TOKEN' : scheme === 'basic' ? 'BASIC' : header;
  const name = `${gateway}_${kind}`.toUpperCase().replace(/[^A-Z0-9]/g, '_');
  return /^[0-9]/.test(name) ? `_${name}` : name;
}

/** Two headers never share a variable: one upstream would get the other's credential. */
function distinctVariables(wanted: readonly string[]): string[] {
  const taken = new Set([KEY_VARIABLE]);
  return wanted.map((name) => {
    let variable = name;
    for (let n = 2; taken.has(variable); n += 1) variable = `${name}_${n}`;
    taken.add(variable);
    return variable;
  });
}
