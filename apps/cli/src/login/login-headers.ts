import { canHaveToken, isProofHeader, nameToSend, type NeededHeader, valueWith } from '@lethe/mcp';
import { CliError } from '../errors/cli.error.js';
import type { Endpoint } from '../mcp/endpoint.js';
import type { ToldOAuth, UpstreamOfServer } from '../mcp/upstreams.js';
import type { SharedTokens } from '../refresher/shared-tokens.js';

/** A header that the person's login is for, and where its value goes. */
export interface LoginHeader {
  header: NeededHeader;
  origin: string;
  oauth?: ToldOAuth | undefined;
  /** Whether the token is bound to a key (RFC 9449). */
  isBound: boolean;
  /** Where its proofs go, the URL that they name, and its era; undefined where Lethe does not say all. */
  proof?: { header: NeededHeader; url: string; isModern: boolean } | undefined;
}

/** Headers from logins, and what kept others from being there. */
export interface LoginHeaders {
  headers: Record<string, string>;
  failures: { gateway: string; error: CliError }[];
}

/**
 * The headers that take an access token: `Authorization` with the scheme Bearer or DPoP. Without a scheme it takes anything, so it
 * has to be told where tokens are from.
 */
export function loginHeadersOf(upstreams: readonly UpstreamOfServer[]): LoginHeader[] {
  return upstreams.flatMap(({ origin, url, isModern, oauth, headers }) => {
    const proofs = headers.find(({ header }) => isProofHeader(header));
    const proof = proofs && url !== undefined ? { header: proofs, url, isModern } : undefined;
    return headers
      .filter((header) => canHaveToken(header) && (header.scheme !== undefined || oauth !== undefined))
      .map((header) => ({ header, origin, oauth, isBound: header.scheme === 'dpop', proof }));
  });
} // prettier-ignore

/** A header with an access token. Its mapping may leave the scheme to whoever sends it. */
export function withToken(header: NeededHeader, token: string): Readonly<Record<string, string>> {
  return { [nameToSend(header)]: valueWith({ ...header, scheme: header.scheme ?? 'bearer' }, token) };
}

/**
 * A token that is bound to a key needs new proofs for each request, which no list of headers can have.
 * @throws CliError `proofs_needed`
 */
export function refuseBound({ header: { gateway }, isBound }: LoginHeader): void {
  if (!isBound) return;
  const text = `Tokens for ${gateway} are bound to a key, and each request needs new proofs`;
  throw new CliError('usage', 'proofs_needed', text, ['Connect through lethe bridge <server>, which signs them.']);
}

/** Gets an access token for each of the headers, at the same time. */
export async function headersFromLogins(
  { mcp: server }: Endpoint,
  wanted: readonly LoginHeader[],
  tokens: SharedTokens,
): Promise<LoginHeaders> {
  const rows = await Promise.all(
    wanted.map(async (one) => {
      const { header, origin } = one;
      const { gateway } = header;
      try {
        refuseBound(one);
        const { accessToken } = await tokens.tokenFor({ server, gateway, origin });
        return { header: withToken(header, accessToken) };
      } catch (error) {
        if (!(error instanceof CliError)) throw error;
        return { failure: { gateway, error } };
      }
    }),
  );
  return {
    headers: Object.fromEntries(rows.flatMap(({ header }) => (header ? Object.entries(header) : []))),
    failures: rows.flatMap(({ failure }) => failure ?? []),
  };
}
