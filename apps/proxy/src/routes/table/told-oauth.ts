import type { ManifestGateway, OAuthFacts, OAuthServerFacts } from '@lethe/contracts';
import { canHaveToken } from '@lethe/mcp';

/** What callers are told of the tokens that an upstream takes: of the signed manifest alone, never of a response. */
export interface ToldOAuth extends Omit<OAuthFacts, 'servers'> {
  readonly servers: readonly (OAuthServerFacts & { readonly clientId?: string })[];
}

/** Undefined where callers can send no token, or the upstream names no authorization server. */
export function toldOAuth({ facts, mappings, oauthClient }: ManifestGateway): ToldOAuth | undefined {
  if (!facts.oauth || !mappings.some(canHaveToken)) return undefined;
  const servers = facts.oauth.servers.map((server) =>
    server.issuer === oauthClient?.issuer ? { ...server, clientId: oauthClient.clientId } : server,
  );
  return { ...facts.oauth, servers };
}
