import { createHash } from 'node:crypto';
import anyAscii from 'any-ascii';

/** Longest exposed name, and the shortest limit that a server may set: a shorter name would be little more than a hash. */
export const NAME_LENGTH = { min: 20, max: 64 } as const;
/** 1-64 characters of `[A-Za-z0-9_.-]` (MCP, tool names). */
export const EXPOSED_NAME = /^[A-Za-z0-9_.-]{1,64}$/;
const HASH_DIGITS = 8;
const ILLEGAL = /[^A-Za-z0-9_.-]+/;

/** What exposed names of one virtual server must be. */
export interface NameRules {
  /** Longest name, in characters. */
  readonly maxLength: number;
  readonly isTaken: (name: string) => boolean;
}

/**
 * The name of an item in a virtual server: its own name if that is free and legal, otherwise its own name normalised,
 * otherwise prefixed with the gateway's slug. A name that is too long is shortened with a hash. Never returns a taken name;
 * the same input always gives the same name.
 */
export function exposeName(own: string, slug: string, rules: NameRules): string {
  const legal = normalise(own);
  const prefixed = legal === '' ? slug : `${slug}-${legal}`;
  const candidates = [shorten(legal, own, rules), shorten(prefixed, `${slug}\n${own}`, rules)];
  const free = legal === '' ? undefined : candidates.find((name) => !rules.isTaken(name));
  return free ?? firstFree(prefixed, `${slug}\n${own}`, rules);
}

/** Letters of other alphabets and scripts become Latin ones: a model that reads only the name can tell tools apart. */
function normalise(own: string): string {
  if (EXPOSED_NAME.test(own)) return own;
  const parts = anyAscii(own.normalize('NFKC')).split(ILLEGAL);
  const legal = parts.filter((part) => part !== '').join('_');
  // A name that consists only of placeholders is meaningless: the gateway's slug and a hash are used instead.
  return /[A-Za-z0-9]/.test(legal) ? legal : '';
}

function shorten(name: string, identity: string, { maxLength }: NameRules): string {
  return name.length <= maxLength ? name : withHash(name, identity, maxLength);
}

function firstFree(name: string, identity: string, { isTaken, maxLength }: NameRules): string {
  for (let round = 0; ; round += 1) {
    const candidate = withHash(name, round === 0 ? identity : `${identity}\n${round}`, maxLength);
    if (!isTaken(candidate)) return candidate;
  }
}

function withHash(name: string, identity: string, maxLength: number): string {
  const hash = createHash('sha256').update(identity, 'utf8').digest('hex').slice(0, HASH_DIGITS);
  return `${name.slice(0, maxLength - HASH_DIGITS - 1)}-${hash}`;
}
