import type { JsonObject, ProbedAuthorization, ProbedAuthorizationServer, ProbedChallenge } from '@lethe/contracts';
import { parseChallenges, type ResponseHeaders } from '@lethe/mcp';
import type { ProbeClient } from './probe-client.js';
import { PROBE_LIMITS } from './probe-limits.js';
import { shownText, shownTexts, shownUrl } from './shown-text.js';

/** What a 401 asks for (RFC 9110, section 11.6.1; RFC 9728, section 5.1): of several challenges, what the first says of each. */
export function challengeOf({ 'www-authenticate': header }: ResponseHeaders): ProbedChallenge {
  const challenges = parseChallenges(header);
  const first = (name: string): string | undefined =>
    challenges.flatMap(({ parameters }) => parameters.get(name) ?? [])[0];
  const realm = shownText(first('realm'));
  const scope = shownText(first('scope'));
  const resourceMetadata = shownUrl(first('resource_metadata'));
  return {
    schemes: [...new Set(challenges.map(({ scheme }) => scheme))],
    ...(realm !== undefined && { realm }),
    ...(scope !== undefined && { scope }),
    ...(resourceMetadata !== undefined && { resourceMetadata }),
  };
}

/**
 * What the upstream says about authorization: its metadata as a protected resource (RFC 9728), and that of its authorization
 * servers (RFC 8414, OpenID Connect Discovery). Metadata of the resource is read at its own origin alone.
 */
export async function authorizationOf(
  client: ProbeClient,
  url: string,
  challenge: ProbedChallenge,
): Promise<ProbedAuthorization | undefined> {
  const { origin } = new URL(url);
  const found = await firstDocument(client, resourceMetadataUrls(url, challenge), 'resource');
  const issuers = shownIssuers(found?.document['authorization_servers']) ?? [];
  // Before RFC 9728 a client took the origin itself (MCP 2025-03-26, authorization).
  const wanted = found ? issuers : [origin];
  const servers: ProbedAuthorizationServer[] = [];
  for (const issuer of wanted.slice(0, PROBE_LIMITS.maxServers)) {
    const server = await authorizationServer(client, issuer);
    if (found || server.isConfirmed) servers.push(server);
  }
  if (!found && servers.length === 0) return undefined;
  const resource = shownUrl(found?.document['resource']);
  const scopes = shownTexts(found?.document['scopes_supported']);
  return {
    ...(found && { resourceMetadata: found.url }),
    ...(resource !== undefined && { resource }),
    ...(scopes && { scopes }),
    servers,
  };
}

function resourceMetadataUrls(url: string, { resourceMetadata }: ProbedChallenge): string[] {
  const { origin, pathname } = new URL(url);
  const path = pathname === '/' ? '' : pathname;
  const wellKnown = `${origin}/.well-known/oauth-protected-resource`;
  const told = resourceMetadata !== undefined && new URL(resourceMetadata).origin === origin ? [resourceMetadata] : [];
  return [...new Set([...told, `${wellKnown}${path}`, wellKnown])];
}

async function authorizationServer(client: ProbeClient, issuer: string): Promise<ProbedAuthorizationServer> {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  const urls = [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}/.well-known/openid-configuration${path}`,
    ...(path === '' ? [] : [`${origin}${path}/.well-known/openid-configuration`]),
  ];
  const { document } = (await firstDocument(client, urls, 'issuer')) ?? {};
  if (!document) return { issuer, isConfirmed: false };
  return { issuer, isConfirmed: isSameIssuer(document['issuer'], issuer), ...endpointsOf(document) };
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

/** The first of these URLs that answers with a JSON object which has this member. */
async function firstDocument(
  client: ProbeClient,
  urls: readonly string[],
  member: string,
): Promise<{ url: string; document: JsonObject } | undefined> {
  for (const url of urls) {
    const answer = await client
      .send(url, { method: 'GET', headers: { accept: 'application/json' } })
      .catch(() => undefined);
    const document = answer?.httpStatus === 200 ? answer.message : undefined;
    if (typeof document?.[member] === 'string') return { url, document };
  }
  return undefined;
}

function shownIssuers(value: unknown): string[] | undefined {
  return shownTexts(value)?.flatMap((issuer) => shownUrl(issuer) ?? []);
}

/** A slash at the end is no difference here: whoever connects compares exactly (RFC 8414, section 3.3). */
function isSameIssuer(told: unknown, issuer: string): boolean {
  return typeof told === 'string' && told.replace(/\/$/, '') === issuer.replace(/\/$/, '');
}
