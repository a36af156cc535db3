import type { Credential } from '@lethe/contracts';
import { isCredential, isCredentialScheme, isObject } from '@lethe/mcp';
import { clientKey } from './client-key.js';
import { SealingError } from './sealing.error.js';

/**
 * Parses the credential of an opened envelope and checks each member. Errors never quote it.
 * @throws SealingError `credential_malformed`, `scheme_unsupported`
 */
export function parseCredential(plaintext: Uint8Array): Credential {
  const value = decode(plaintext);
  if (!isObject(value)) throw new SealingError('credential_malformed');
  const { scheme } = value;
  if (typeof scheme === 'string' && !isCredentialScheme(scheme)) throw new SealingError('scheme_unsupported');
  if (!isCredential(value, (credentials) => clientKey(credentials) !== undefined)) {
    throw new SealingError('credential_malformed');
  }
  return value;
}

function decode(plaintext: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plaintext));
    return value;
  } catch {
    throw new SealingError('credential_malformed');
  }
}
