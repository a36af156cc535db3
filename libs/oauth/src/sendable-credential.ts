import type { ClientCredentials, Credential } from '@lethe/contracts';
import { clientKey } from '@lethe/sealing';
import { basicPair } from './token-request.js';

/** A credential that can be sent as it is: OAuth client credentials have been exchanged for a token. */
export type SendableCredential = Exclude<Credential, ClientCredentials>;

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
