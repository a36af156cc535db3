import { CLIENT_KEY_ALGORITHMS, type ClientCredentials, TOKEN_AUTH_METHODS } from '@lethe/contracts';
import { hasMembers, isBesideValid } from './credential-values.js';
import { tokenUrlProblem } from './url-rules.js';

const REQUIRED = ['scheme', 'tokenUrl', 'clientId'];
const TEXTS = [
  'tokenUrl',
  'clientId',
  'clientSecret',
  'privateKey',
  'keyId',
  'issuer',
  'scope',
  'audience',
  'resource',
];
const OPTIONAL = [...TEXTS, 'method', 'algorithm', 'headers', 'parameters'].filter((name) => !REQUIRED.includes(name));
const MAX_TEXT = 2_048;
const MAX_KEY = 8_192;

/** Whether an object is complete OAuth client credentials. @param canSign whether their private key can sign */
export function isClientCredentials(
  value: Record<string, unknown>,
  canSign: (credentials: ClientCredentials) => boolean,
): value is ClientCredentials & typeof value {
  return hasForm(value) && hasSecretOfMethod(value, canSign);
}

function hasForm(value: Record<string, unknown>): value is ClientCredentials & typeof value {
  return (
    value['scheme'] === 'oauth_client_credentials' &&
    hasMembers(value, REQUIRED, OPTIONAL) &&
    isBesideValid(value, ['authorization']) &&
    TEXTS.every((name) => value[name] === undefined || isText(name, value[name])) &&
    isOneOf(value['method'], TOKEN_AUTH_METHODS) &&
    isOneOf(value['algorithm'], CLIENT_KEY_ALGORITHMS) &&
    isResource(value['resource'])
  );
}

/** Exactly one of secret and key, the one that the method needs. */
function hasSecretOfMethod(value: ClientCredentials, canSign: (credentials: ClientCredentials) => boolean): boolean {
  const { method, clientSecret, privateKey, keyId, algorithm, issuer, tokenUrl } = value;
  if (tokenUrlProblem(tokenUrl) !== undefined) return false;
  if (privateKey === undefined) {
    const isOfKey = method === 'private_key_jwt' || [keyId, algorithm, issuer].some((each) => each !== undefined);
    return clientSecret !== undefined && !isOfKey;
  }
  const isOfSecret = clientSecret !== undefined || (method !== undefined && method !== 'private_key_jwt');
  return !isOfSecret && canSign(value);
}

/** Visible ASCII and spaces, as RFC 6749 has them (appendix A); a key has lines. */
function isText(name: string, value: unknown): boolean {
  if (typeof value !== 'string' || value === '') return false;
  if (name === 'privateKey') return value.length <= MAX_KEY;
  return value.length <= MAX_TEXT && /^[\x20-\x7e]+$/.test(value);
}

function isOneOf(value: unknown, known: readonly unknown[]): boolean {
  return value === undefined || known.includes(value);
}

/** An absolute URI without a fragment (RFC 8707, section 2). */
function isResource(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && URL.canParse(value) && !value.includes('#'));
}
