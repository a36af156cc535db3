import {
  type AuthorizationServerMetadata,
  discoverAuthorizationServerMetadata,
  discoverOAuthProtectedResourceMetadata,
  extractWWWAuthenticateParams,
  IssuerMismatchError,
} from '@modelcontextprotocol/client';
import { isOfResource } from '@lethe/mcp';
import { CliError } from '../errors/cli.error.js';
import { issuerMismatch, shownUrl } from './oauth-failure.js';
import { type Fetch, isPlainUrl } from './secure-fetch.js';

/** An upstream, as far as its callers know it. */
export interface UpstreamAddress {
  origin: string;
  /** Of its MCP endpoint, of that origin, where the origin alone does not say enough. */
  url?: string | undefined;
}

/** What an upstream says of how to get tokens for it (RFC 9728). */
export interface ProtectedResource {
  /** The resource indicator, verbatim. */
  resource: string;
  issuers: readonly string[];
  /** What to ask for first: what it asks for, else all that it has. */
  scope: string | undefined;
  scopesSupported: readonly string[];
}

/** An authorization server that confirms its issuer. */
export interface AuthorizationServer {
  issuer: string;
  metadata: AuthorizationServerMetadata;
}

/**
 * Reads the protected resource metadata of an upstream.
 * @throws CliError `no_resource_metadata`, `resource_mismatch`, `issuer_malformed`, and those of requests
 */
export async function discoverResource(address: UpstreamAddress, fetch: Fetch): Promise<ProtectedResource> {
  const challenge = address.url === undefined ? {} : await challengeOf(address.url, fetch);
  const metadata = await discoverOAuthProtectedResourceMetadata(
    address.url ?? address.origin,
    { ...(challenge.metadataUrl && { resourceMetadataUrl: challenge.metadataUrl }) },
    fetch,
  ).catch((error: unknown) => {
    if (error instanceof CliError) throw error;
    throw noMetadata(address);
  });
  const { resource, authorization_servers: issuers = [], scopes_supported: scopesSupported = [] } = metadata;
  assertIsOf(resource, address);
  if (issuers.length === 0) throw noMetadata(address);
  if (!issuers.every(isIssuer)) throw strangeIssuer(issuers);
  const all = scopesSupported.length > 0 ? scopesSupported.join(' ') : undefined;
  return { resource, issuers, scope: challenge.scope ?? all, scopesSupported };
}

/**
 * Reads the metadata of an authorization server, which has to confirm its issuer (RFC 8414, section 3.3).
 * @throws CliError `issuer_mismatch`, `issuer_malformed`, `no_server_metadata`, `endpoint_insecure`, and those of requests
 */
export async function discoverServer(issuer: string, fetch: Fetch): Promise<AuthorizationServer> {
  if (!isIssuer(issuer)) throw strangeIssuer([issuer]);
  const metadata = await discoverAuthorizationServerMetadata(issuer, { fetchFn: fetch }).catch((error: unknown) => {
    if (error instanceof CliError) throw error;
    if (error instanceof IssuerMismatchError) throw issuerMismatch(error.expected, error.received);
    return undefined;
  });
  if (!metadata) throw noServer(issuer);
  return { issuer: metadata.issuer, metadata };
}

/** A member of the metadata that the library has no type for; undefined if it is no text. */
export function metadataText({ metadata }: AuthorizationServer, name: string): string | undefined {
  const value: unknown = Reflect.get(metadata, name);
  return typeof value === 'string' ? value : undefined;
}

/** Whether the metadata say that the server can do something. */
export function says({ metadata }: AuthorizationServer, name: string): boolean {
  return Reflect.get(metadata, name) === true;
}

/** What a request without a credential is answered with. */
async function challengeOf(url: string, fetch: Fetch): Promise<{ metadataUrl?: URL; scope?: string }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
  });
  if (response.status !== 401) return {};
  const { resourceMetadataUrl: metadataUrl, scope } = extractWWWAuthenticateParams(response);
  // Metadata of another origin could send the person to sign in anywhere.
  const isOwn = metadataUrl?.origin === new URL(url).origin;
  return { ...(isOwn && { metadataUrl }), ...(scope !== undefined && { scope }) };
}

/**
 * A client must not use metadata of another resource (RFC 9728, section 3.3).
 * @throws CliError `resource_mismatch`
 */
export function assertIsOf(resource: string, address: UpstreamAddress): void {
  if (!isPlainUrl(resource) || !isOf(resource, address)) throw otherResource(resource, address);
}

function isOf(resource: string, { origin, url }: UpstreamAddress): boolean {
  if (!URL.canParse(resource) || new URL(resource).origin !== origin) return false;
  return url === undefined || isOfResource(url, resource);
}

/** "A URL that uses the https scheme and has no query or fragment components" (RFC 8414, section 2). */
function isIssuer(issuer: string): boolean {
  return isPlainUrl(issuer) && !issuer.includes('?');
}

function strangeIssuer(issuers: readonly string[]): CliError {
  return new CliError('untrusted', 'issuer_malformed', 'The upstream names an authorization server by what is no issuer; nobody was asked', [
    ...issuers.filter((issuer) => !isIssuer(issuer)).map(shownUrl),
    'An issuer is a URL of ASCII characters, without a user name, query or fragment (RFC 8414).',
  ]);
} // prettier-ignore

function noMetadata({ origin, url }: UpstreamAddress): CliError {
  const where = url === undefined ? origin : 'that URL';
  return new CliError('refused', 'no_resource_metadata', `No authorization server is named by ${where}`, [
    'The upstream has to publish protected resource metadata (RFC 9728).',
    ...(url === undefined
      ? ['If it publishes them for its path, give the URL of its MCP endpoint: lethe login <server> <gateway> --upstream <url>'] // prettier-ignore
      : []),
  ]);
}

function otherResource(resource: string, { origin, url }: UpstreamAddress): CliError {
  return new CliError('untrusted', 'resource_mismatch', 'The metadata are about another resource; nobody was asked', [
    `asked for: ${shownUrl(url ?? origin)}`,
    `received: ${shownUrl(resource)}`,
  ]);
}

function noServer(issuer: string): CliError {
  return new CliError('refused', 'no_server_metadata', 'The authorization server publishes no metadata', [
    `issuer: ${shownUrl(issuer)}`,
  ]);
}
