import type { Credential } from '@lethe/contracts';
import { isObject, MAX_CREDENTIAL_BYTES } from '@lethe/mcp';
import { isClientCredentials } from './client-credentials.js';
import { hasMembers, isBesideValid, isHeaderList, isParameterList, isValue } from './credential-values.js';
import { SealingError } from './sealing.error.js';

type Scheme<S extends Credential['scheme']> = Extract<Credential, { scheme: S }>;
type Members = Record<string, unknown>;

/** Whether an object is a complete credential of its scheme. */
const FORMS: Readonly<Record<Credential['scheme'], (value: Members) => boolean>> = {
  bearer: (value) =>
    hasMembers(value, ['scheme', 'token'], ['headers', 'parameters']) &&
    isBesideValid(value, ['authorization']) &&
    isValue(value['token'], /^[^ ]+$/),
  // RFC 7617: no colon in the user name, no control characters in either.
  basic: (value) =>
    hasMembers(value, ['scheme', 'username', 'password'], ['headers', 'parameters']) &&
    isBesideValid(value, ['authorization']) &&
    isBasicPart(value['username'], /^[^:]*$/) &&
    isBasicPart(value['password'], /^/),
  headers: (value) =>
    hasMembers(value, ['scheme', 'headers'], ['parameters']) &&
    isHeaderList(value['headers'], []) &&
    isBesideValid(value, []),
  query: (value) => hasMembers(value, ['scheme', 'parameters'], []) && isParameterList(value['parameters']),
  oauth_client_credentials: isClientCredentials,
  none: (value) => hasMembers(value, ['scheme'], []),
};

/**
 * Parses the credential of an opened envelope and checks each member. Errors never quote it.
 * @throws SealingError `credential_malformed`, `scheme_unsupported`
 */
export function parseCredential(plaintext: Uint8Array): Credential {
  const value = decode(plaintext);
  if (!isObject(value)) throw new SealingError('credential_malformed');
  const { scheme } = value;
  if (typeof scheme === 'string' && !isKnown(scheme)) throw new SealingError('scheme_unsupported');
  if (!isCredential(value)) throw new SealingError('credential_malformed');
  return value;
}

function isKnown(scheme: unknown): scheme is Credential['scheme'] {
  return typeof scheme === 'string' && Object.hasOwn(FORMS, scheme);
}

function isCredential(value: Members): value is Scheme<Credential['scheme']> & Members {
  return isKnown(value['scheme']) && FORMS[value['scheme']](value);
}

function isBasicPart(value: unknown, form: RegExp): boolean {
  if (typeof value !== 'string' || Buffer.byteLength(value) > MAX_CREDENTIAL_BYTES / 2) return false;
  return form.test(value) && !/\p{Cc}/u.test(value);
}

function decode(plaintext: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plaintext));
    return value;
  } catch {
    throw new SealingError('credential_malformed');
  }
}
