import { randomBytes } from 'node:crypto';
import { startAuthorization } from '@modelcontextprotocol/client';
import type { KnownClient } from '../token-store/login-record.js';
import type { AuthorizationServer } from './discovery.js';
import { clientFor, clientInformation, type ClientSources, redirectUriOf } from './registration.js';
import type { Fetch } from './secure-fetch.js';

const REFUSALS = ['invalid_client', 'unauthorized_client', 'invalid_request', 'invalid_redirect_uri'];

/**
 * Finds or makes a client as `clientFor`. Before dynamic registration it tries the document that this Lethe serves. Whether a
 * server can read that, and takes any port with its redirect URIs (RFC 8252, section 7.3), shows only when somebody signs in,
 * so it is asked before a browser is.
 */
export async function clientByDocument(
  server: AuthorizationServer,
  sources: ClientSources,
  document: string | undefined,
  fetch: Fetch,
): Promise<KnownClient> {
  const isTried = document !== undefined && sources.metadataUrl === undefined && sources.port !== undefined;
  if (!isTried) return clientFor(server, sources, fetch);
  const client = await clientFor(server, { ...sources, metadataUrl: document }, fetch);
  const isNew = client.clientId === document && client !== sources.known;
  const hasOther = server.metadata.registration_endpoint !== undefined;
  if (!isNew || !hasOther || (await isTaken(server, client, sources.port, fetch))) return client;
  return clientFor(server, { ...sources, known: undefined }, fetch);
}

/** Whether the server begins a login for this client. Whoever does not answer is asked by the browser. */
async function isTaken(
  { issuer, metadata }: AuthorizationServer,
  client: KnownClient,
  port: number | undefined,
  fetch: Fetch,
): Promise<boolean> {
  const redirectUrl = redirectUriOf(port);
  const state = randomBytes(32).toString('base64url');
  try {
    const asked = { metadata, clientInformation: clientInformation(client), redirectUrl, state };
    const { authorizationUrl } = await startAuthorization(issuer, asked);
    const { status, headers } = await fetch(authorizationUrl, { headers: { accept: 'text/html' }, redirect: 'manual' });
    const location = headers.get('location') ?? '';
    const error = location.startsWith(redirectUrl) ? new URL(location).searchParams.get('error') : null;
    return status < 400 && !REFUSALS.includes(error ?? '');
  } catch {
    return true;
  }
}
