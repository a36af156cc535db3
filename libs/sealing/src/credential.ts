import type { Credential, CredentialHeader } from '@lethe/contracts';
import { isLegalHeaderValue, isObject, mappingProblem, MAX_CREDENTIAL_BYTES } from '@lethe/mcp';
import { hasExactly } from './json.js';
import { SealingError } from './sealing.error.js';

const MAX_HEADERS = 16;
const SCHEMES: readonly unknown[] = ['bearer', 'basic', 'headers', 'none'];

/**
 * Parses the credential of an opened envelope and checks each member. Errors never quote it.
 * @throws SealingError `credential_malformed`, `scheme_unsupported`
 */
export function parseCredential(plaintext: Uint8Array): Credential {
  const value = decode(plaintext);
  if (!isObject(value)) throw new SealingError('credential_malformed');
  if (isBearer(value) || isBasic(value) || isHeaders(value) || isNone(value)) return value;
  const isOtherScheme = typeof value['scheme'] === 'string' && !SCHEMES.includes(value['scheme']);
  throw new SealingError(isOtherScheme ? 'scheme_unsupported' : 'credential_malformed');
}

type Scheme<S extends Credential['scheme']> = Extract<Credential, { scheme: S }>;

function isBearer(value: Record<string, unknown>): value is Scheme<'bearer'> {
  if (value['scheme'] !== 'bearer' || !hasExactlyBeside(value, ['scheme', 'token'])) return false;
  return isValue(value['token'], /^[^ ]+$/);
}

// RFC 7617: no colon in the user name, no control characters in either.
function isBasic(value: Record<string, unknown>): value is Scheme<'basic'> {
  if (value['scheme'] !== 'basic' || !hasExactlyBeside(value, ['scheme', 'username', 'password'])) return false;
  return isBasicPart(value['username'], /^[^:]*$/) && isBasicPart(value['password'], /^/);
}

function isHeaders(value: Record<string, unknown>): value is Scheme<'headers'> {
  if (value['scheme'] !== 'headers' || !hasExactly(value, ['scheme', 'headers'])) return false;
  return isHeaderList(value['headers'], []);
}

/** Whether it has exactly these members, and perhaps headers beside the Authorization header that they fill. */
function hasExactlyBeside(value: Record<string, unknown>, members: readonly string[]): boolean {
  if (!Object.hasOwn(value, 'headers')) return hasExactly(value, members);
  return hasExactly(value, [...members, 'headers']) && isHeaderList(value['headers'], ['authorization']);
}

/** Whether it is a list of headers, none of them twice or already filled. */
function isHeaderList(headers: unknown, filled: readonly string[]): headers is CredentialHeader[] {
  if (!Array.isArray(headers) || headers.length === 0 || headers.length > MAX_HEADERS) return false;
  if (!headers.every((header: unknown) => isHeader(header))) return false;
  const names = [...filled, ...headers.map(({ name }) => name.toLowerCase())];
  return new Set(names).size === names.length;
}

function isNone(value: Record<string, unknown>): value is Scheme<'none'> {
  return value['scheme'] === 'none' && hasExactly(value, ['scheme']);
}

function isHeader(value: unknown): value is CredentialHeader {
  if (!isObject(value)) return false;
  const { secret } = value;
  const members = secret === undefined ? ['name', 'value'] : ['name', 'value', 'secret'];
  if (!hasExactly(value, members) || (secret !== undefined && typeof secret !== 'boolean')) return false;
  if (typeof value['name'] !== 'string' || mappingProblem({ header: value['name'] }) !== undefined) return false;
  return isValue(value['value'], /^/);
}

function isValue(value: unknown, form: RegExp): boolean {
  return (
    typeof value === 'string' && value.length <= MAX_CREDENTIAL_BYTES && isLegalHeaderValue(value) && form.test(value)
  );
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
