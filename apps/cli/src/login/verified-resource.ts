import { CliError } from '../errors/cli.error.js';
import type { ToldOAuth } from '../mcp/upstreams.js';
import { assertIsOf, discoverResource, type ProtectedResource } from '../oauth/discovery.js';
import { shownUrl } from '../oauth/oauth-failure.js';
import type { Fetch } from '../oauth/secure-fetch.js';
import type { LoginTarget } from './login-target.js';

/** Nothing can be read from here; what was verified is then enough. */
const UNREAD = ['no_resource_metadata', 'authorization_unreachable'];

/**
 * How an upstream says that tokens for it are got. Where Lethe has verified it, the upstream has to say the same now.
 * @param url of its MCP endpoint, if the person gave it
 * @throws CliError of discovery; `resource_mismatch`, `issuer_changed`, `resource_changed`
 */
export async function readResource(
  { gateway, origin, oauth }: LoginTarget,
  url: string | undefined,
  fetch: Fetch,
): Promise<ProtectedResource> {
  if (!oauth) return discoverResource({ origin, url }, fetch);
  const told = asResource(oauth);
  // What a proxy tells may be for another upstream than the one that would get the token.
  assertIsOf(told.resource, { origin, url });
  const named = await discoverResource({ origin, url: url ?? oauth.resource }, fetch).catch((error: unknown) => {
    if (error instanceof CliError && UNREAD.includes(error.code)) return told;
    throw error;
  });
  if (named.resource !== told.resource) throw otherThanVerified('resource', gateway, [told.resource], [named.resource]);
  const issuers = named.issuers.filter((issuer) => told.issuers.includes(issuer));
  if (issuers.length === 0) throw otherThanVerified('issuer', gateway, told.issuers, named.issuers);
  // A challenge that was read here is newer than the one that was verified.
  const isChallenged = named.scope !== undefined && named.scope !== named.scopesSupported.join(' ');
  return { ...named, issuers, scope: isChallenged ? named.scope : (told.scope ?? named.scope) };
}

/** The client that an administrator has registered at this authorization server for everybody. */
export function clientToldBy({ oauth }: LoginTarget, issuer: string): string | undefined {
  return oauth?.servers.find((server) => server.issuer === issuer)?.clientId;
}

function asResource({ resource, servers, scope, scopes = [] }: ToldOAuth): ProtectedResource {
  const all = scopes.length > 0 ? scopes.join(' ') : undefined;
  const issuers = servers.map(({ issuer }) => issuer);
  return { resource, issuers, scope: scope ?? all, scopesSupported: scopes };
}

function otherThanVerified(
  what: 'issuer' | 'resource',
  gateway: string,
  verified: readonly string[],
  named: readonly string[],
): CliError {
  const text = `The upstream of ${gateway} names another ${what === 'issuer' ? 'authorization server' : 'resource'} than Lethe has verified`;
  return new CliError('untrusted', `${what}_changed`, `${text}; nothing was opened or sent`, [
    `verified: ${verified.map(shownUrl).join(', ')}`,
    `named now: ${named.map(shownUrl).join(', ')}`,
    `Tell an administrator of this Lethe, who can verify it again (lethe verify ${gateway} --oauth) and review the change.`,
  ]);
} // prettier-ignore
