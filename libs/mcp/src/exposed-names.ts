import { createHash } from 'node:crypto';

const EXPOSED_NAME = /^[A-Za-z0-9_.-]{1,64}$/;
const MAX_NAME = 64;
const HASH_DIGITS = 8;

/** Whether a name has 1-64 characters of `[A-Za-z0-9_.-]` (MCP, tool names). */
export function isExposedName(name: string): boolean {
  return EXPOSED_NAME.test(name);
}

/**
 * The name of an item in a virtual server: its own name if that is free and legal, otherwise its own name normalised,
 * otherwise prefixed with the gateway's slug. A name that is too long is shortened with a hash. Never returns a taken name;
 * the same input always gives the same name.
 */
export function exposeName(own: string, slug: string, isTaken: (name: string) => boolean): string {
  const legal = normalise(own);
  const prefixed = legal === '' ? slug : `${slug}-${legal}`;
  const candidates = [legal.length <= MAX_NAME ? legal : shorten(legal, own), shorten(prefixed, `${slug}\n${own}`)];
  const free = legal === '' ? undefined : candidates.find((name) => !isTaken(name));
  return free ?? firstFree(prefixed, `${slug}\n${own}`, isTaken);
}

function normalise(own: string): string {
  if (isExposedName(own)) return own;
  const legal = own.normalize('NFKC').replace(/[^A-Za-z0-9_.-]+/g, '_');
  // A name that consists only of placeholders is meaningless: the gateway's slug and a hash are used instead.
  return /[A-Za-z0-9]/.test(legal) ? legal : '';
}

function shorten(name: string, identity: string): string {
  if (name.length <= MAX_NAME) return name;
  return withHash(name, identity);
}

function firstFree(name: string, identity: string, isTaken: (name: string) => boolean): string {
  for (let round = 0; ; round += 1) {
    const candidate = withHash(name, round === 0 ? identity : `${identity}\n${round}`);
    if (!isTaken(candidate)) return candidate;
  }
}

function withHash(name: string, identity: string): string {
  const hash = createHash('sha256').update(identity, 'utf8').digest('hex').slice(0, HASH_DIGITS);
  return `${name.slice(0, MAX_NAME - HASH_DIGITS - 1)}-${hash}`;
}
