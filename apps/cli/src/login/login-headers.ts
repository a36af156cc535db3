import { nameToSend, type NeededHeader, valueWith } from '@lethe/mcp';
import { CliError } from '../errors/cli.error.js';
import type { Endpoint } from '../mcp/endpoint.js';
import type { ToldOAuth, UpstreamOfServer } from '../mcp/upstreams.js';
import type { SharedTokens } from '../refresher/shared-tokens.js';

/** A header that the person's login is for, and where its value goes. */
export interface LoginHeader {
  header: NeededHeader;
  origin: string;
  oauth?: ToldOAuth | undefined;
}

/** Headers from logins, and what kept others from being there. */
export interface LoginHeaders {
  headers: Record<string, string>;
  failures: { gateway: string; error: CliError }[];
}

/** The headers that take an access token: `Authorization` with the scheme Bearer. */
export function loginHeadersOf(upstreams: readonly UpstreamOfServer[]): LoginHeader[] {
  return upstreams.flatMap(({ origin, oauth, headers }) =>
    headers
      .filter(({ scheme, header }) => scheme === 'bearer' && header.toLowerCase() === 'authorization')
      .map((header) => ({ header, origin, oauth })),
  );
}

/** Gets an access token for each of the headers, at the same time. */
export async function headersFromLogins(
  { mcp: server }: Endpoint,
  wanted: readonly LoginHeader[],
  tokens: SharedTokens,
): Promise<LoginHeaders> {
  const rows = await Promise.all(
    wanted.map(async ({ header, origin }) => {
      const { gateway } = header;
      try {
        const { accessToken } = await tokens.tokenFor({ server, gateway, origin });
        return { header: [nameToSend(header), valueWith(header, accessToken)] as const };
      } catch (error) {
        if (!(error instanceof CliError)) throw error;
        return { failure: { gateway, error } };
      }
    }),
  );
  return {
    headers: Object.fromEntries(rows.flatMap(({ header }) => (header ? [header] : []))),
    failures: rows.flatMap(({ failure }) => failure ?? []),
  };
}
