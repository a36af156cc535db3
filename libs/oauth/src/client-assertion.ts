import { randomUUID } from 'node:crypto';
import type { ClientCredentials } from '@lethe/contracts';
import { clientKey } from '@lethe/sealing';
import { SignJWT } from 'jose';
import { TokenFailure } from './token-failure.js';

const LIFE_SECONDS = 60;

/**
 * Signs the assertion by which a client authenticates with its private key, for one request.
 * https://www.rfc-editor.org/rfc/rfc7523#section-3
 */
export async function clientAssertion(client: ClientCredentials, nowSeconds: number): Promise<string> {
  const { clientId, issuer, tokenUrl } = client;
  const signing = clientKey(client);
  if (signing === undefined) throw new TokenFailure('credential_malformed');
  const { key, algorithm, keyId } = signing;
  return new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: algorithm, typ: 'JWT', ...(keyId !== undefined && { kid: keyId }) })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(issuer ?? tokenUrl)
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + LIFE_SECONDS)
    .sign(key);
}
