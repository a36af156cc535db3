import { isObject, parseJson } from '@lethe/mcp';
import type { ConnectorKey } from './connector-key.js';

const STORED = 'lethe.connectors';
const FINGERPRINT = /^[\w-]{43}$/;

/** What this browser remembers of the connectors' keys; they are public. */
export type Trusted =
  | { state: 'first' | 'known'; keys: ConnectorKey[] }
  /** None of the keys that the registry shows is one of before. */
  | { state: 'changed'; known: string[]; shown: ConnectorKey[] };

/**
 * The keys that are trusted for the registry of this page: those that this browser remembers, or on first use all that are
 * shown, which it remembers from then on. Like SSH's known hosts, and like the `lethe` command.
 */
export function trustedKeys(shown: ConnectorKey[]): Trusted {
  const known = remembered();
  if (known === undefined) {
    remember(shown);
    return { state: 'first', keys: shown };
  }
  const keys = shown.filter(({ fingerprint }) => known.includes(fingerprint));
  return keys.length === 0 ? { state: 'changed', known, shown } : { state: 'known', keys };
}

/** The person has compared these keys over another way. They replace what was remembered. */
export function remember(keys: readonly ConnectorKey[]): void {
  localStorage.setItem(STORED, JSON.stringify({ [location.origin]: keys.map(({ fingerprint }) => fingerprint) }));
}

/** Whether this browser remembers a key of the connectors; undefined if it remembers none. */
export function isRemembered(fingerprint: string): boolean | undefined {
  return remembered()?.includes(fingerprint);
}

/** Undefined before the first use. What is damaged does not count as that: then the next key would be trusted unseen. */
function remembered(): string[] | undefined {
  const text = localStorage.getItem(STORED);
  if (text === null) return undefined;
  const stored = parseJson(text);
  const known = isObject(stored) ? stored[location.origin] : undefined;
  if (!Array.isArray(known)) return [];
  return known.filter((each) => typeof each === 'string').filter((each) => FINGERPRINT.test(each));
}

/** The beginning of a fingerprint, in groups that are easy to compare: what a key's id is. */
export function shortFingerprint(fingerprint: string): string {
  return (fingerprint.slice(0, 16).match(/.{1,4}/g) ?? []).join(' ');
}
