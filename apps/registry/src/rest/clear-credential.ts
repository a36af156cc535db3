import type { JsonObject, JsonValue } from '@lethe/contracts';
import { VENDOR_PREFIXES } from '@lethe/mcp';

const SECRET_NAMES =
  /^(.*(token|secret|password|passwd|passphrase|api-?key|private-?key|bearer)|credentials?|auth|authorization|headers|env|cookie|value)$/i;
const SECRET_VALUES = [
  /^\s*(bearer|basic)\s+\S/i,
  new RegExp(String.raw`\b(${VENDOR_PREFIXES.unmistakable})[\w-]{16,}`),
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
];
const MAX_DEPTH = 6;

/**
 * Whether a JSON body seems to contain a credential in clear: by the name of a member, except `credential: "none"`, which
 * the API defines, or by the form of a value. The API takes only metadata and sealed credentials, so such a body is a
 * mistake that its sender must be informed of.
 */
export function hasClearCredential(body: unknown, depth = 0): boolean {
  if (typeof body === 'string') return isCredential(body);
  if (typeof body !== 'object' || body === null || depth > MAX_DEPTH) return false;
  if (Array.isArray(body)) return body.some((entry) => hasClearCredential(entry, depth + 1));
  return Object.entries(body).some(
    ([name, value]) => isSecretMember(name, value) || hasClearCredential(value, depth + 1),
  );
}

function isCredential(text: string): boolean {
  return hasJwt(text) || SECRET_VALUES.some((pattern) => pattern.test(text));
}

/** The same content, with a mark in place of each text that has the form of a credential. */
export function withoutCredentials(content: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(content).map(([name, value]) => [name, cleared(value)]));
}

/** The text, or a mark in its place if it has the form of a credential. */
export function withoutCredential(text: string): string {
  return isCredential(text) ? '[credential]' : text;
}

function cleared(value: JsonValue): JsonValue {
  if (typeof value === 'string') return withoutCredential(value);
  if (Array.isArray(value)) return value.map(cleared);
  return typeof value === 'object' && value !== null ? withoutCredentials(value) : value;
}

/**
 * Whether a text contains a JWT. Part by part: one expression for all of it would read the rest of the text again at each
 * beginning.
 */
function hasJwt(text: string): boolean {
  const parts = text.split('.');
  return parts.some((part, at) => {
    const isFollowed = JWT_PART.test(parts[at + 1] ?? '') && JWT_PART_FIRST.test(parts[at + 2] ?? '');
    return isFollowed && JWT_START.test(LAST_WORD.exec(part)?.[0] ?? '');
  });
}

const JWT_PART = /^[\w-]{10,}$/;
const JWT_PART_FIRST = /^[\w-]{10}/;
const LAST_WORD = /(?<![\w-])[\w-]+$/;
const JWT_START = /\beyJ[\w-]{10}/;

function isSecretMember(name: string, value: unknown): boolean {
  if (name === 'credential' && value === 'none') return false;
  return SECRET_NAMES.test(name.replaceAll('_', '-'));
}
