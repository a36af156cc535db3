import { CREDENTIAL_LIFES, type JsonObject, type JsonValue } from '@lethe/contracts';
import { holdsCredential } from '@lethe/mcp';

const SECRET_NAMES =
  /^(.*(token|secret|password|passwd|passphrase|api-?key|private-?key|bearer)|credentials?|auth|authorization|headers|env|cookie|value)$/i;
const MAX_DEPTH = 6;
/** What the API itself says in a member `credential`. */
const WORDS: ReadonlySet<unknown> = new Set(['none', ...CREDENTIAL_LIFES]);
/** Members with stricter rules of their own (`upstreamUrlProblem`). */
const URLS: ReadonlySet<string> = new Set(['url', 'jwksUri']);

/**
 * Whether a JSON body seems to contain a credential in clear: by the name of a member, except `credential` with a word
 * that the API defines, or by the form of a value. The API takes only metadata and sealed credentials, so such a body is a
 * mistake that its sender must be informed of.
 */
export function hasClearCredential(body: unknown, depth = 0): boolean {
  if (typeof body === 'string') return holdsCredential(body);
  if (typeof body !== 'object' || body === null || depth > MAX_DEPTH) return false;
  if (Array.isArray(body)) return body.some((entry) => hasClearCredential(entry, depth + 1));
  return Object.entries(body).some(
    ([name, value]) => isSecretMember(name, value) || (!URLS.has(name) && hasClearCredential(value, depth + 1)),
  );
}

/** The same content, with a mark in place of each text that has the form of a credential. */
export function withoutCredentials(content: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(content).map(([name, value]) => [name, cleared(value)]));
}

/** The text, or a mark in its place if it has the form of a credential. */
export function withoutCredential(text: string): string {
  return holdsCredential(text) ? '[credential]' : text;
}

function cleared(value: JsonValue): JsonValue {
  if (typeof value === 'string') return withoutCredential(value);
  if (Array.isArray(value)) return value.map(cleared);
  return typeof value === 'object' && value !== null ? withoutCredentials(value) : value;
}

function isSecretMember(name: string, value: unknown): boolean {
  if (name === 'credential' && WORDS.has(value)) return false;
  return SECRET_NAMES.test(name.replaceAll('_', '-'));
}

/** The fields whose text seems to contain a credential. Unusual names are the client's own text, and are not repeated. */
export function credentialFields(body: unknown, path = ''): string[] {
  if (typeof body === 'string') return holdsCredential(body) ? [path === '' ? '*' : path] : [];
  if (typeof body !== 'object' || body === null || path.split('.').length > MAX_FIELD_DEPTH) return [];
  return Object.entries(body).flatMap(([name, value]) => {
    if (URLS.has(name)) return [];
    const field = /^(?:\d{1,6}|[a-z][A-Za-z]{0,63})$/.test(name) ? name : '*';
    return [
      ...(holdsCredential(name) ? [path === '' ? '*' : `${path}.*`] : []),
      ...credentialFields(value, path === '' ? field : `${path}.${field}`),
    ];
  });
}

/** Deeper than any field of this API. */
const MAX_FIELD_DEPTH = 16;
