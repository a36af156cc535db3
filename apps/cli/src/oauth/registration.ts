import {
  computeScopeUnion,
  isStrictScopeSuperset,
  type OAuthClientInformationFull,
  type OAuthClientInformationMixed,
  registerClient,
  RegistrationRejectedError,
} from '@modelcontextprotocol/client';
import { CliError } from '../errors/cli.error.js';
import type { KnownClient } from '../token-store/login-record.js';
import { type AuthorizationServer, metadataText, says } from './discovery.js';
import { refusal, shownUrl } from './oauth-failure.js';
import type { Fetch } from './secure-fetch.js';

/** A server may name any number, and one that is no date could not be kept. */
const LAST_DATE = 8.64e15;
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** A client that somebody registered there. */
export interface GivenClient {
  /** Or the URL of its metadata document. */
  clientId: string;
  clientSecret?: string | undefined;
}

/** What is there to make a client of. */
export interface ClientSources {
  given?: GivenClient | undefined;
  /** URL of a client metadata document. */
  metadataUrl?: string | undefined;
  /** What an earlier login at this issuer used. */
  known?: KnownClient | undefined;
  /** Of the listener for the redirect; undefined: no redirect is needed. */
  port?: number | undefined;
  /** All scopes that a login may ask for: a strict server gives a client no others than it was registered with. */
  scope: string | undefined;
}

/**
 * Finds or makes the client for an authorization server, in the order of the specification.
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization#client-registration-approaches
 * @throws CliError `registration_impossible`, `oauth_refused`
 */
export async function clientFor(
  server: AuthorizationServer,
  sources: ClientSources,
  fetch: Fetch,
): Promise<KnownClient> {
  const { given, metadataUrl, known, port } = sources;
  if (given) {
    const isDocument = given.clientId.startsWith('https://') && takesDocuments(server);
    return { ...given, registration: isDocument ? 'metadata-document' : 'given' };
  }
  if (known && fits(known, sources)) return known;
  if (metadataUrl !== undefined && takesDocuments(server)) {
    return { clientId: metadataUrl, registration: 'metadata-document' };
  }
  if (server.metadata.registration_endpoint === undefined) throw impossible(server);
  return register(server, { port, scope: sources.scope }, fetch);
}

/** Whether a server reads what a client says of itself at the URL that is its id. */
export function takesDocuments(server: AuthorizationServer): boolean {
  return says(server, 'client_id_metadata_document_supported');
}

/** The client in the form of the protocol's library. */
export function clientInformation({ clientId, clientSecret, authMethod }: KnownClient): OAuthClientInformationMixed {
  return {
    client_id: clientId,
    ...(clientSecret !== undefined && { client_secret: clientSecret }),
    ...(authMethod !== undefined && { token_endpoint_auth_method: authMethod }),
  };
}

/** Where the browser comes back to. By address, not by name (RFC 8252, section 8.3). */
export function redirectUriOf(port: number | undefined): string {
  return port === undefined ? 'http://127.0.0.1/callback' : `http://127.0.0.1:${port}/callback`;
}

function fits(known: KnownClient, { port, scope }: ClientSources): boolean {
  if (known.registration !== 'dynamic') return true;
  if ((known.secretEndsAt ?? Infinity) < Date.now()) return false;
  return (port === undefined || known.port === port) && !isStrictScopeSuperset(scope, known.scope ?? scope);
}

async function register(
  server: AuthorizationServer,
  { port, scope }: { port: number | undefined; scope: string | undefined },
  fetch: Fetch,
): Promise<KnownClient> {
  const { issuer, metadata } = server;
  const hasDevice = metadataText(server, 'device_authorization_endpoint') !== undefined;
  const grants = ['authorization_code', 'refresh_token', ...(hasDevice ? [DEVICE_GRANT] : [])];
  try {
    const made = await registerClient(issuer, {
      metadata,
      clientMetadata: {
        client_name: 'Lethe',
        application_type: 'native',
        redirect_uris: [redirectUriOf(port)],
        grant_types: grants,
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
        ...(scope !== undefined && { scope }),
      },
      fetchFn: fetch,
    });
    return registered(made, { port, scope });
  } catch (error) {
    if (error instanceof CliError) throw error;
    const code = codeOf(error);
    // Some servers take no scopes of a resource in a registration, and then do not limit the client to any.
    if (code === 'invalid_client_metadata' && scope !== undefined) {
      return register(server, { port, scope: undefined }, fetch);
    }
    throw refusal(code, 'to register a client');
  }
}

function registered(
  {
    client_id: clientId,
    client_secret: clientSecret,
    client_secret_expires_at: endsAt,
    ...made
  }: OAuthClientInformationFull,
  { port, scope }: { port: number | undefined; scope: string | undefined },
): KnownClient {
  const { token_endpoint_auth_method: authMethod } = made;
  return {
    clientId,
    ...(clientSecret !== undefined && { clientSecret }),
    ...(authMethod !== undefined && { authMethod }),
    // 0 is never, and so is what is missing (RFC 7591, section 3.2.1).
    ...(endsAt && { secretEndsAt: Math.min(endsAt * 1_000, LAST_DATE) }),
    registration: 'dynamic',
    ...(port !== undefined && { port }),
    ...(scope !== undefined && { scope }),
  };
}

function codeOf(error: unknown): unknown {
  if (!(error instanceof RegistrationRejectedError)) return undefined;
  try {
    const body: unknown = JSON.parse(error.body);
    return typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
  } catch {
    return undefined;
  }
}

/** Scopes of several sources, each once. */
export function unionOf(...scopes: readonly (string | undefined)[]): string | undefined {
  return computeScopeUnion(...scopes);
}

function impossible({ issuer }: AuthorizationServer): CliError {
  return new CliError('usage', 'registration_impossible', 'This authorization server knows only clients that somebody registered', [
    `issuer: ${shownUrl(issuer)}`,
    'Register an OAuth app there, then run this command with --client-id <id>; if the app has a secret, also with --ask-client-secret and --issuer <url>.',
  ]);
} // prettier-ignore
