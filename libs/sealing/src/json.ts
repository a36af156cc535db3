import type { JsonValue } from '@lethe/contracts';
import canonicalize from 'canonicalize';
import { SealingError } from './sealing.error.js';

/**
 * RFC 8785 canonical JSON. Throws `not_canonical` for what the RFC has no form for (lone surrogates, infinite numbers).
 */
export function canonicalJson(value: unknown): string {
  try {
    const text = canonicalize(value);
    if (text !== undefined) return text;
  } catch {
    // The library's messages may come to quote values; ours is fixed.
  }
  throw new SealingError('not_canonical');
}

/** Whether a value has a canonical form; items of a catalogue that have none are to be skipped as malformed. */
export function isCanonicalJson(value: unknown): boolean {
  try {
    canonicalJson(value);
    return true;
  } catch {
    return false;
  }
}

/** What JSON text says. Throws the parser's error, which quotes the text: only for text that was just authenticated. */
export function parseJson(text: string): JsonValue {
  // JSON.parse gives nothing else.
  return JSON.parse(text) as JsonValue;
}

/** A JSON object from text; undefined for anything else. Parser messages quote the text, so none leaves. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether an object has exactly these members, no more and no fewer. */
export function hasExactly(value: Record<string, unknown>, members: readonly string[]): boolean {
  return Object.keys(value).length === members.length && members.every((member) => Object.hasOwn(value, member));
}
