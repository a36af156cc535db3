import type { ClientCredentials, Credential } from '@lethe/contracts';
import { isClientCredentials } from './client-credentials.js';
import { hasMembers, isBesideValid, isHeaderList, isParameterList, isValue } from './credential-values.js';
import { MAX_CREDENTIAL_BYTES } from './header-rules.js';
import { isObject } from './json/value.js';

type Members = Record<string, unknown>;
/** Whether the private key of these client credentials can sign. */
type CanSign = (credentials: ClientCredentials) => boolean;

/** Whether an object is a complete credential of its scheme. */
const FORMS: Readonly<Record<Credential['scheme'], (value: Members, canSign: CanSign) => boolean>> = {
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
 * Whether a value is a complete credential: what a client seals, and what a one-shot process takes.
 * @param canSign tells of a private key, which needs what a browser does not have
 */
export function isCredential(value: unknown, canSign: CanSign): value is Credential {
  return isObject(value) && isCredentialScheme(value['scheme']) && FORMS[value['scheme']](value, canSign);
}

/** Whether there are credentials of this scheme. */
export function isCredentialScheme(scheme: unknown): scheme is Credential['scheme'] {
  return typeof scheme === 'string' && Object.hasOwn(FORMS, scheme);
}

function isBasicPart(value: unknown, form: RegExp): boolean {
  if (typeof value !== 'string' || new TextEncoder().encode(value).length > MAX_CREDENTIAL_BYTES / 2) return false;
  return form.test(value) && !/\p{Cc}/u.test(value);
}
