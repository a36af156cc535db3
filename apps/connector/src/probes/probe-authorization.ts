import type { JsonObject, ProbedAuthorization, ProbedAuthorizationServer, ProbedChallenge } from '@lethe/contracts';
import { challengedSchemes, type ResponseHeaders } from '@lethe/mcp';
import { challengeParameter, readResourceMetadata, readServerMetadata } from '../discovery/authorization-metadata.js';
import { abilitiesOf } from '../discovery/oauth-facts.js';
import type { ProbeClient } from '../discovery/probe-client.js';
import { PROBE_LIMITS } from '../discovery/probe-limits.js';
import { shownText, shownTexts, shownUrl } from '../discovery/shown-text.js';

/** What a 401 asks for (RFC 9110, section 11.6.1; RFC 9728, section 5.1), as it may be shown. */
export function challengeOf(headers: ResponseHeaders): ProbedChallenge {
  const realm = shownText(challengeParameter(headers, 'realm'));
  const scope = shownText(challengeParameter(headers, 'scope'));
  const resourceMetadata = shownUrl(challengeParameter(headers, 'resource_metadata'));
  return {
    schemes: [...new Set(challengedSchemes(headers['www-authenticate']))],
    ...(realm !== undefined && { realm }),
    ...(scope !== undefined && { scope }),
    ...(resourceMetadata !== undefined && { resourceMetadata }),
  };
}

/**
 * What the upstream says about authorization: its metadata as a protected resource (RFC 9728), and that of its authorization
 * servers (RFC 8414, OpenID Connect Discovery), as it may be shown.
 */
export async function authorizationOf(
  client: ProbeClient,
  url: string,
  headers: ResponseHeaders,
): Promise<ProbedAuthorization | undefined> {
  const found = await readResourceMetadata(client, url, challengeParameter(headers, 'resource_metadata'));
  const { document } = found;
  // Before RFC 9728 a client took the origin itself (MCP 2025-03-26, authorization).
  const wanted = document ? shownIssuers(document) : [new URL(url).origin];
  const servers: ProbedAuthorizationServer[] = [];
  for (const issuer of wanted.slice(0, PROBE_LIMITS.maxServers)) {
    const server = await authorizationServer(client, issuer);
    if (document || server.isConfirmed) servers.push(server);
  }
  if (!document && servers.length === 0) return undefined;
  const resourceMetadata = document && shownUrl(found.url);
  const resource = shownUrl(document?.['resource']);
  const scopes = shownTexts(document?.['scopes_supported']);
  return {
    ...(resourceMetadata !== undefined && { resourceMetadata }),
    ...(resource !== undefined && { resource }),
    ...(scopes && { scopes }),
    servers,
  };
}

/** The authorization servers that metadata name, verbatim, as far as they may be shown. */
function shownIssuers({ authorization_servers: named }: JsonObject): string[] {
  const issuers: unknown[] = Array.isArray(named) ? named : [];
  return issuers.filter((issuer) => typeof issuer === 'string').filter((issuer) => shownUrl(issuer) !== undefined);
}

async function authorizationServer(client: ProbeClient, issuer: string): Promise<ProbedAuthorizationServer> {
  const shown = shownUrl(issuer) ?? '';
  const { document } = await readServerMetadata(client, issuer);
  if (!document) return { issuer: shown, isConfirmed: false };
  // Exactly (RFC 8414, section 3.3).
  return {
    issuer: shown,
    isConfirmed: document['issuer'] === issuer,
    ...abilitiesOf(document),
    ...endpointsOf(document),
  };
}

function endpointsOf(document: JsonObject): Partial<ProbedAuthorizationServer> {
  const told: Partial<ProbedAuthorizationServer> = {
    authorizationEndpoint: shownUrl(document['authorization_endpoint']),
    tokenEndpoint: shownUrl(document['token_endpoint']),
    registrationEndpoint: shownUrl(document['registration_endpoint']),
    pkce: shownTexts(document['code_challenge_methods_supported']),
    grantTypes: shownTexts(document['grant_types_supported']),
    scopes: shownTexts(document['scopes_supported']),
  };
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
}
