import type { ClientCredentials } from '@lethe/contracts';
import { clientAssertion } from './client-assertion.js';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** A request for an access token. */
export interface TokenRequest {
  headers: Record<string, string>;
  body: string;
}

/** The request of the client credentials grant (RFC 6749, section 4.4.2), with the client's authentication. */
export async function tokenRequest(client: ClientCredentials, nowSeconds: number): Promise<TokenRequest> {
  const { scope, audience, resource } = client;
  const body = new URLSearchParams({ grant_type: 'client_credentials' });
  for (const [name, value] of Object.entries({ scope, audience, resource })) {
    if (value !== undefined) body.set(name, value);
  }
  const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
  const authentication = await authenticationOf(client, nowSeconds);
  for (const [name, value] of Object.entries(authentication.parameters)) body.set(name, value);
  return { headers: { ...headers, ...authentication.headers }, body: body.toString() };
}

interface Authentication {
  headers: Record<string, string>;
  parameters: Record<string, string>;
}

async function authenticationOf(client: ClientCredentials, nowSeconds: number): Promise<Authentication> {
  const { clientId, clientSecret = '', method, privateKey } = client;
  if (privateKey !== undefined) {
    const assertion = await clientAssertion(client, nowSeconds);
    const parameters = { client_id: clientId, client_assertion_type: ASSERTION_TYPE, client_assertion: assertion };
    return { headers: {}, parameters };
  }
  if (method === 'client_secret_post') {
    return { headers: {}, parameters: { client_id: clientId, client_secret: clientSecret } };
  }
  return { headers: { authorization: `Basic ${basicPair(client)}` }, parameters: {} };
}

/** Client id and secret as HTTP Basic has them. RFC 6749, section 2.3.1: both are encoded before they become a pair. */
export function basicPair({ clientId, clientSecret = '' }: ClientCredentials): string {
  return Buffer.from(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`, 'utf8').toString('base64');
}

function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}
