import { isObject, parseJson } from '@lethe/mcp';
import canonicalize from 'canonicalize';
import { SealingError } from './sealing.error.js';

/**
 * Encodes a value as RFC 8785 canonical JSON.
 * @throws SealingError `not_canonical` for a value without canonical form (lone surrogates, infinite numbers)
 */
export function canonicalJson(value: unknown): string {
  try {
    const text = canonicalize(value);
    if (text !== undefined) return text;
  } catch {
    // The library's messages may quote values.
  }
  throw new SealingError('not_canonical');
}

/** Whether a value has a canonical form; catalogue items without one are skipped as malformed. */
export function isCanonicalJson(value: unknown): boolean {
  try {
    canonicalJson(value);
    return true;
  } catch {
    return false;
  }
}

/** Parses a JSON object; undefined if the text is anything else. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  const value = parseJson(text);
  return isObject(value) ? value : undefined;
}
