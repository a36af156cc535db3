import { selectClientAuthMethod } from '@modelcontextprotocol/client';
import * as oauth from 'oauth4webapi';
import type { KnownClient } from '../token-store/login-record.js';
import { type AuthorizationServer, metadataText } from './discovery.js';
import { clientInformation } from './registration.js';
import type { Fetch } from './secure-fetch.js';

/** An authorization server and a client there, in the form of `oauth4webapi`. */
export interface LibraryForms {
  as: oauth.AuthorizationServer;
  client: oauth.Client;
  auth: oauth.ClientAuth;
  /** Requests go through our `fetch`, which refuses what is neither https nor loopback. */
  options: { [oauth.customFetch]: Fetch; [oauth.allowInsecureRequests]: true };
}

/** Translates for the device flow and revocation, which the MCP client library does not have. */
export function forLibrary(server: AuthorizationServer, known: KnownClient, fetch: Fetch): LibraryForms {
  const { metadata, issuer } = server;
  return {
    as: {
      issuer,
      token_endpoint: metadata.token_endpoint,
      device_authorization_endpoint: metadataText(server, 'device_authorization_endpoint'),
      revocation_endpoint: metadataText(server, 'revocation_endpoint'),
    },
    client: { client_id: known.clientId },
    auth: authOf(server, known),
    options: { [oauth.customFetch]: fetch, [oauth.allowInsecureRequests]: true },
  };
}

function authOf({ metadata }: AuthorizationServer, known: KnownClient): oauth.ClientAuth {
  const secret = known.clientSecret ?? '';
  const method = selectClientAuthMethod(clientInformation(known), metadata.token_endpoint_auth_methods_supported ?? []);
  if (method === 'client_secret_basic') return oauth.ClientSecretBasic(secret);
  return method === 'client_secret_post' ? oauth.ClientSecretPost(secret) : oauth.None();
}

/** The code of an OAuth error in the body of an answer. */
export function bodyErrorOf(error: unknown): string | undefined {
  return error instanceof oauth.ResponseBodyError ? error.error : undefined;
}
