import type { Credential, CredentialHeader, CredentialParameter } from '@lethe/contracts';
import { isCredential } from '@lethe/mcp';
import type { SecretPart } from './credential-parts.js';

/** How the Authorization header is filled, where a person can choose. */
export type AuthorizationWay = 'token' | 'client';

/** Names of the fields of the form. Those of headers and query parameters are `part-<index>`. */
export const FIELD = {
  token: 'token',
  username: 'username',
  password: 'password',
  tokenUrl: 'token-url',
  clientId: 'client-id',
  clientSecret: 'client-secret',
  scope: 'scope',
  part: (index: number): string => `part-${index}`,
} as const;

/** What is wrong with what was typed, by the name of the field. */
export type TypedProblem = { field: string; why: 'empty' | 'basic_pasted' | 'malformed' };

/** The text of a field; empty for one that is not there. */
export type Typed = (field: string) => string;

/**
 * The credential that was typed.
 * @returns a problem instead if the slot would reject it. Neither is kept anywhere.
 */
export function typedCredential(
  parts: readonly SecretPart[],
  way: AuthorizationWay,
  typed: Typed,
): Credential | TypedProblem {
  const missing = firstMissing(parts, way, typed);
  if (missing !== undefined) return { field: missing, why: 'empty' };
  if (parts.some(({ at }) => at === 'bearer') && way === 'token' && /^basic\s/i.test(bareToken(typed(FIELD.token)))) {
    return { field: FIELD.token, why: 'basic_pasted' };
  }
  const credential = assemble(parts, way, typed);
  if (isCredential(credential, () => false)) return credential;
  return { field: firstField(parts, way), why: 'malformed' };
}

/** A token as people paste it: `Bearer <token>`, or a whole header. */
export function bareToken(pasted: string): string {
  const value = pasted.trim().replace(/^["']+|["',]+$/g, '');
  return value
    .replace(/^authorization\s*:\s*/i, '')
    .replace(/^bearer\s+/i, '')
    .trim();
}

function assemble(parts: readonly SecretPart[], way: AuthorizationWay, typed: Typed): Credential {
  const headers: CredentialHeader[] = [];
  const parameters: CredentialParameter[] = [];
  for (const [index, part] of parts.entries()) {
    const value = typed(FIELD.part(index)).trim();
    if (part.at === 'header' && value !== '') headers.push({ name: part.name, value });
    if (part.at === 'query' && value !== '') parameters.push({ name: part.name, value });
  }
  const beside = { ...(headers.length > 0 && { headers }), ...(parameters.length > 0 && { parameters }) };
  const authorization = authorizationOf(parts, way, typed);
  if (authorization) return { ...authorization, ...beside };
  if (headers.length > 0) return { scheme: 'headers', headers, ...beside };
  return parameters.length > 0 ? { scheme: 'query', parameters } : { scheme: 'none' };
}

type Authorization = Exclude<Credential, { scheme: 'headers' | 'query' | 'none' }>;

function authorizationOf(parts: readonly SecretPart[], way: AuthorizationWay, typed: Typed): Authorization | undefined {
  if (parts.some(({ at }) => at === 'basic')) {
    return { scheme: 'basic', username: typed(FIELD.username), password: typed(FIELD.password) };
  }
  if (!parts.some(({ at }) => at === 'bearer')) return undefined;
  if (way === 'token') return { scheme: 'bearer', token: bareToken(typed(FIELD.token)) };
  const scope = typed(FIELD.scope).trim();
  return {
    scheme: 'oauth_client_credentials',
    tokenUrl: typed(FIELD.tokenUrl).trim(),
    clientId: typed(FIELD.clientId).trim(),
    clientSecret: typed(FIELD.clientSecret).trim(),
    ...(scope !== '' && { scope }),
  };
}

function firstMissing(parts: readonly SecretPart[], way: AuthorizationWay, typed: Typed): string | undefined {
  const needed = parts.flatMap((part, index) => neededFields(part, index, way));
  return needed.find((field) => typed(field).trim() === '');
}

function neededFields(part: SecretPart, index: number, way: AuthorizationWay): string[] {
  if ('isOptional' in part) return part.isOptional ? [] : [FIELD.part(index)];
  if (part.at === 'basic') return [FIELD.username, FIELD.password];
  return way === 'token' ? [FIELD.token] : [FIELD.tokenUrl, FIELD.clientId, FIELD.clientSecret];
}

function firstField(parts: readonly SecretPart[], way: AuthorizationWay): string {
  const [first] = parts.flatMap((part, index) => neededFields(part, index, way));
  return first ?? FIELD.part(0);
}
