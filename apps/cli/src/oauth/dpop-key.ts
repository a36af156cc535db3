import { type DpopKeyPair, DpopSession, generateDpopKeyPair } from '@modelcontextprotocol/client';
import { calculateJwkThumbprint } from 'jose';
import { CliError } from '../errors/cli.error.js';
import type { DpopKey } from '../token-store/login-record.js';
import { shownUrl } from './oauth-failure.js';

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;

/** A key to which one login is bound, in the form in which it is kept. */
export async function newDpopKey(): Promise<DpopKey> {
  const { privateKey } = await generateDpopKeyPair({ alg: 'ES256', extractable: true });
  const { x = '', y = '', d = '' } = await crypto.subtle.exportKey('jwk', privateKey);
  return { kty: 'EC', crv: 'P-256', x, y, d };
}

/** What signs with a key, and remembers nonces (RFC 9449). In its memory, the key can't be exported any more. */
export async function dpopSession(key: DpopKey): Promise<DpopSession> {
  return DpopSession.create({ keyPair: await dpopKeyPair(key) });
}

/** The key in the form of the libraries. */
export async function dpopKeyPair({ d, ...publicJwk }: DpopKey): Promise<DpopKeyPair> {
  const [privateKey, publicKey, thumbprint] = await Promise.all([
    crypto.subtle.importKey('jwk', { ...publicJwk, d }, CURVE, false, ['sign']),
    crypto.subtle.importKey('jwk', publicJwk, CURVE, true, ['verify']),
    calculateJwkThumbprint(publicJwk),
  ]);
  return { privateKey, publicKey, publicJwk, thumbprint, alg: 'ES256' };
}

/**
 * A server that does not know of proofs issues tokens for anybody, and says so.
 * https://www.rfc-editor.org/rfc/rfc9449#name-dpop-access-token-request
 * @throws CliError `token_not_bound`
 */
export function assertBound(tokenType: string, issuer: string): void {
  if (tokenType.toLowerCase() === 'dpop') return;
  throw new CliError('refused', 'token_not_bound', 'The authorization server issued a token that is not bound to a key', [
    `issuer: ${shownUrl(issuer)}`,
    'The gateway takes bound tokens alone (DPoP, RFC 9449); nothing was kept. Ask its administrator.',
  ]);
} // prettier-ignore
