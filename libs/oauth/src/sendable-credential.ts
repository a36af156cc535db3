import type { ClientCredentials, Credential, CredentialHeader, CredentialParameter } from '@lethe/contracts';
import { clientKey } from '@lethe/sealing';
import { basicPair } from './token-request.js';

/** A credential that can be sent as it is: OAuth client credentials have been exchanged for a token. */
export type SendableCredential = Exclude<Credential, ClientCredentials>;

/** What a credential adds to each request. */
export interface RequestParts {
  /** The whole value of the header `Authorization`, if the scheme says one. */
  authorization?: string;
  /** Other headers, or all of them. */
  headers: readonly CredentialHeader[];
  parameters: readonly CredentialParameter[];
}

/** Converts a credential to parts of requests, for a handshake and for calls alike. Its form was checked when it was opened. */
export function requestParts(credential: SendableCredential): RequestParts {
  switch (credential.scheme) {
    case 'bearer':
      return { ...listsOf(credential), authorization: `Bearer ${credential.token}` };
    case 'basic': {
      const pair = Buffer.from(`${credential.username}:${credential.password}`, 'utf8').toString('base64');
      return { ...listsOf(credential), authorization: `Basic ${pair}` };
    }
    case 'headers':
    case 'query':
      return listsOf(credential);
    case 'none':
      return listsOf({});
  }
}

function listsOf({
  headers = [],
  parameters = [],
}: Partial<Pick<RequestParts, 'headers' | 'parameters'>>): RequestParts {
  return { headers, parameters };
}

/** The bearer token that takes the place of client credentials, with what is sent beside it. */
export function withToken({ headers, parameters }: ClientCredentials, token: string): SendableCredential {
  return { scheme: 'bearer', token, ...(headers && { headers }), ...(parameters && { parameters }) };
}

/** What an authorization server learns of client credentials and may repeat, and the private key. */
export function clientSecrets(client: ClientCredentials): string[] {
  const { clientSecret } = client;
  const { d } = clientKey(client)?.key.export({ format: 'jwk' }) ?? {};
  const pair = clientSecret === undefined ? undefined : basicPair(client);
  return [clientSecret, pair, d].filter((secret) => secret !== undefined);
}
