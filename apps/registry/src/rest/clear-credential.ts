import { VENDOR_PREFIXES } from '@lethe/mcp';

const SECRET_NAMES =
  /^(.*(token|secret|password|passwd|passphrase|api-?key|private-?key|bearer)|credentials?|auth|authorization|headers|env|cookie|value)$/i;
const SECRET_VALUES = [
  /^\s*(bearer|basic)\s+\S/i,
  /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/,
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
  if (typeof body === 'string') return SECRET_VALUES.some((pattern) => pattern.test(body));
  if (typeof body !== 'object' || body === null || depth > MAX_DEPTH) return false;
  if (Array.isArray(body)) return body.some((entry) => hasClearCredential(entry, depth + 1));
  return Object.entries(body).some(
    ([name, value]) => isSecretMember(name, value) || hasClearCredential(value, depth + 1),
  );
}

function isSecretMember(name: string, value: unknown): boolean {
  if (name === 'credential' && value === 'none') return false;
  return SECRET_NAMES.test(name.replaceAll('_', '-'));
}
