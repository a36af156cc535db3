import type { AuthorizationProblem, JsonObject } from '@lethe/contracts';
import { networkFailure, type NetworkFailure } from '@lethe/egress';
import { parseChallenges, type ResponseHeaders } from '@lethe/mcp';
import { type ProbeClient, ProbeRefused } from './probe-client.js';

/** A document of metadata, and where it is. */
export interface FoundDocument {
  url: string;
  document: JsonObject;
}

/** A document; without one, why it could not be read, or nothing if there is none. */
export type Lookup = FoundDocument | { document?: undefined; problem?: AuthorizationProblem };

const PROBLEMS: Readonly<Partial<Record<NetworkFailure, AuthorizationProblem>>> = {
  dns: 'unreachable',
  refused: 'unreachable',
  connect_timeout: 'timeout',
  response_timeout: 'timeout',
  tls: 'tls_failed',
  forbidden_address: 'address_forbidden',
};

/** A parameter of the challenges of a 401, verbatim (RFC 9110, section 11.2): of the first one that has it. */
export function challengeParameter({ 'www-authenticate': header }: ResponseHeaders, name: string): string | undefined {
  return parseChallenges(header).flatMap(({ parameters }) => parameters.get(name) ?? [])[0];
}

/**
 * Reads the metadata of an upstream as a protected resource (RFC 9728, section 3), at its own origin alone.
 * @param told where its challenge says that they are (section 5.1)
 */
export function readResourceMetadata(client: ProbeClient, url: string, told: string | undefined): Promise<Lookup> {
  const { origin, pathname } = new URL(url);
  const path = pathname === '/' ? '' : pathname;
  const wellKnown = `${origin}/.well-known/oauth-protected-resource`;
  const own = told !== undefined && isAt(told, origin) ? [told] : [];
  return firstDocument(client, [...new Set([...own, `${wellKnown}${path}`, wellKnown])], 'resource');
}

/** Whether a URL is one of this origin. */
export function isAt(url: string, origin: string): boolean {
  return URL.canParse(url) && new URL(url).origin === origin;
}

/** Reads the metadata of an authorization server (RFC 8414, section 3; OpenID Connect Discovery 1.0, section 4). */
export function readServerMetadata(client: ProbeClient, issuer: string): Promise<Lookup> {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  const urls = [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}/.well-known/openid-configuration${path}`,
    ...(path === '' ? [] : [`${origin}${path}/.well-known/openid-configuration`]),
  ];
  return firstDocument(client, urls, 'issuer');
}

/** Why a request got no usable response. */
export function problemOf(error: unknown): AuthorizationProblem {
  if (error instanceof ProbeRefused) return error.code === 'url_forbidden' ? 'address_forbidden' : 'unavailable';
  return PROBLEMS[networkFailure(error) ?? 'response_timeout'] ?? 'unavailable';
}

/** The first of these URLs that answers with a JSON object which has this member. */
async function firstDocument(client: ProbeClient, urls: readonly string[], member: string): Promise<Lookup> {
  let problem: AuthorizationProblem | undefined;
  for (const url of urls) {
    try {
      const answer = await client.send(url, { method: 'GET', headers: { accept: 'application/json' } });
      const document = answer.httpStatus === 200 ? answer.message : undefined;
      if (typeof document?.[member] === 'string') return { url, document };
      if (answer.httpStatus >= 500 || answer.httpStatus === 429) problem ??= 'unavailable';
    } catch (error) {
      problem ??= problemOf(error);
    }
  }
  return problem === undefined ? {} : { problem };
}
