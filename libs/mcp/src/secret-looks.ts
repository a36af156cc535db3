import { VENDOR_PREFIXES } from './vendor-tokens.js';

/** Parameter names that suggest a secret value. */
const SECRET_NAME =
  /(^|[^a-z])(api|access|secret|private|auth|bearer|client|session|signing)?[-_]?(key|token|secret|sig|signature|password|passwd|pwd|pass|auth|authorization|bearer|credentials?|jwt|apikey|accesstoken)([^a-z]|$)/i;

/** Tokens of vendors, by their prefixes, and JWTs. */
const VENDOR_TOKEN = new RegExp(
  String.raw`(^|[^A-Za-z0-9])(${VENDOR_PREFIXES.any}|eyJ[A-Za-z0-9_-]{10,}\.)[A-Za-z0-9_.-]{8,}`,
);

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a query parameter's name or value looks like a secret. */
export function looksSecretParameter(name: string, value: string): boolean {
  const spaced = name.replace(/([a-z])([A-Z])/g, '$1-$2');
  return SECRET_NAME.test(spaced) || [name, value].some((text) => looksRandom(text) || looksLikeToken(text));
}

/** Whether a part of a path looks like a secret. Only tokens with a vendor's prefix count: ids are long and random too. */
export function looksLikeToken(text: string): boolean {
  return VENDOR_TOKEN.test(text);
}

/** Whether a value is long, mixes letters and digits, and has no spaces or slashes. UUIDs are excluded: they are ids. */
function looksRandom(value: string): boolean {
  if (UUID.test(value) || !/^[A-Za-z0-9_.~+=-]{24,}$/.test(value)) return false;
  return /[0-9]/.test(value) && /[A-Za-z]/.test(value) && new Set(value).size >= 12;
}
