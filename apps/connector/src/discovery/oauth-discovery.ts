import {
  type AuthorizationProblem,
  OAUTH_LIMITS,
  type OAuthFacts,
  type OAuthServerFacts,
  type Transport,
} from '@lethe/contracts';
import { isOfResource, type ResponseHeaders } from '@lethe/mcp';
import {
  challengeParameter,
  isAt,
  problemOf,
  readResourceMetadata,
  readServerMetadata,
} from './authorization-metadata.js';
import { abilitiesOf, isIdentifier, namedIssuers, scopeTokens, toFacts } from './oauth-facts.js';
import { ProbeClient, type ProbeScope } from './probe-client.js';
import { lookForModern, lookForSse } from './probe-eras.js';
import { type OnRequest, SentRequests } from './sent-requests.js';

/** What was found out about authorization. */
export interface FoundOAuth {
  /** Absent if there are no usable metadata. */
  oauth?: OAuthFacts;
  /** Why something could not be found out. */
  problem?: AuthorizationProblem;
}

/** The upstream to look at. */
export interface DiscoveryTarget extends ProbeScope {
  url: string;
  transport: Transport;
  /** Time for the whole handshake. */
  timeoutMs: number;
}

/** So that whoever runs an upstream can tell these requests from those of a handshake. */
const USER_AGENT = 'lethe-connector (discovery)';
/** The longest time for all requests, and for one. */
const LONGEST_MS = { timeoutMs: 3_500, requestMs: 2_000 };
/** The part of a handshake's time that this may take. */
const SHARE = 0.3;
/** One to the upstream, three for its metadata, three for each authorization server. */
const MAX_REQUESTS = 4 + 3 * OAUTH_LIMITS.maxServers;

/**
 * Finds out, without a credential, how callers get tokens for an upstream: its 401, its metadata (RFC 9728), those of its
 * authorization servers (RFC 8414). An upstream that does not answer with 401 has none. Never rejects.
 */
export async function discoverOAuth(target: DiscoveryTarget, onRequest?: OnRequest): Promise<FoundOAuth> {
  const sent = new SentRequests(onRequest);
  const timeoutMs = Math.min(LONGEST_MS.timeoutMs, Math.floor(target.timeoutMs * SHARE));
  const bounds = { ...LONGEST_MS, timeoutMs, maxRequests: MAX_REQUESTS };
  const client = new ProbeClient(target, bounds, { userAgent: USER_AGENT, onSend: (url) => sent.add(url) });
  try {
    return await discover(client, target);
  } catch (error) {
    return { problem: problemOf(error) };
  } finally {
    await client.close();
  }
}

/** The handshake's own first request: what answers it with 401 rejects a handshake without a credential. */
async function discover(client: ProbeClient, { url, transport }: DiscoveryTarget): Promise<FoundOAuth> {
  const look = transport === 'sse' ? lookForSse : lookForModern;
  const { answer } = await look(client, url);
  return answer.httpStatus === 401 ? behind(client, url, answer.headers) : {};
}

/** What stands behind a 401. */
async function behind(client: ProbeClient, url: string, headers: ResponseHeaders): Promise<FoundOAuth> {
  const told = challengeParameter(headers, 'resource_metadata');
  const found = await readResourceMetadata(client, url, told);
  if (!found.document) {
    if (found.problem !== undefined) return { problem: found.problem };
    return told === undefined || isAt(told, new URL(url).origin) ? {} : { problem: 'metadata_elsewhere' };
  }
  const { resource } = found.document;
  if (!isIdentifier(resource) || !isOfResource(url, resource)) return { problem: 'resource_mismatch' };
  const { servers, problem } = await confirmedServers(client, found.document);
  const asked = scopeTokens(challengeParameter(headers, 'scope')?.split(' '));
  const scopes = scopeTokens(found.document['scopes_supported']);
  return {
    ...(servers.length > 0 && { oauth: toFacts(resource, servers, { scope: asked, scopes }) }),
    ...(problem !== undefined && { problem }),
  };
}

/** The named servers that confirm their issuer exactly (RFC 8414, section 3.3), and why another one does not. */
async function confirmedServers(
  client: ProbeClient,
  resource: Parameters<typeof namedIssuers>[0],
): Promise<{ servers: OAuthServerFacts[]; problem?: AuthorizationProblem }> {
  const issuers = namedIssuers(resource);
  const looked = await Promise.all(
    issuers.map(async (issuer) => ({ issuer, found: await readServerMetadata(client, issuer) })),
  );
  const servers = looked.flatMap(({ issuer, found: { document } }) =>
    document && document['issuer'] === issuer ? { issuer, ...abilitiesOf(document) } : [],
  );
  const [problem] = looked.flatMap(({ found }) => (found.document ? [] : (found.problem ?? [])));
  if (problem !== undefined) return { servers, problem };
  const names = resource['authorization_servers'];
  const areAllConfirmed = !Array.isArray(names) || servers.length >= Math.min(names.length, OAUTH_LIMITS.maxServers);
  return areAllConfirmed ? { servers } : { servers, problem: 'issuer_unconfirmed' };
}
