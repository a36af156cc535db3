import { VENDOR_PREFIXES } from './vendor-tokens.js';

/**
 * Whether a text for people seems to contain a credential: by its form, or by what it stands beside. Ids, hashes, URLs and
 * placeholders pass. No expression here reads a text more than once.
 */
export function holdsCredential(text: string): boolean {
  return hasJwt(text) || FORMS.some((isIn) => isIn(text));
}

const FORMS: readonly ((text: string) => boolean)[] = [
  (text) => /-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----/.test(text),
  (text) => someMatch(text, VENDOR_TOKEN, (rest) => !isPlaceholder(rest) && !isWords(rest)),
  (text) => someMatch(text, AMBIGUOUS_TOKEN, (rest) => !isPlaceholder(rest) && isRandom(rest)),
  (text) => someMatch(text, AUTHORIZATION, (value) => !isPlaceholder(value) && (isRandom(value) || isPair(value))),
  isAuthorization,
  (text) => someMatch(text, USER_INFO, (password) => !isPlaceholder(password)),
  (text) => someMatch(text, ASSIGNMENT, (value) => !isPlaceholder(value) && !UUID.test(value) && isRandom(value)),
];

const VENDOR_TOKEN = new RegExp(String.raw`\b(?:${VENDOR_PREFIXES.unmistakable})([\w-]{16,})`, 'g');
const AMBIGUOUS_TOKEN = new RegExp(String.raw`\b(?:${VENDOR_PREFIXES.any})([\w-]{16,})`, 'g');
/** A header's value within other text. */
const AUTHORIZATION = /\b(?:bearer|basic)\s{1,4}([A-Za-z0-9._~+/=-]{16,})/gi;
const USER_INFO = /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,100}:([^\s/@]{1,200})@/gi;
const ASSIGNMENT =
  /(?:api[-_ ]?key|token|secret|passw(?:or)?d|pwd)["'`]?\s{0,4}[:=]\s{0,4}["'`]?([A-Za-z0-9_~+=-]{16,})(?![\w./])/gi;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** A text that is nothing but the value of an Authorization header, however short. */
function isAuthorization(text: string): boolean {
  const [, scheme = '', value = ''] =
    /^\s*(?:authorization\s*:\s*)?(bearer|basic)\s+(\S{1,9000})\s*$/i.exec(text) ?? [];
  if (value === '' || isPlaceholder(value) || COMMON_WORD.test(value)) return false;
  return scheme.toLowerCase() === 'bearer' || isPair(value) || isRandom(value);
}

/** Words that may follow `Bearer` in a name. */
const COMMON_WORD =
  /^(?:tokens?|auth|authentication|authorization|authorized|credentials?|keys?|schemes?|headers?|access|jwts?|oauth2?|mode|tools?|servers?|gateways?|api|mcp|demo|test)[.:!]?$/i;

function isPair(value: string): boolean {
  return /^[A-Za-z0-9+/]{4,}={0,2}$/.test(value) && /^[\x20-\x7e]*:[\x20-\x7e]+$/.test(decoded(value));
}

function decoded(value: string): string {
  return Buffer.from(value, 'base64').toString('latin1');
}

/** What stands for a secret in documentation. */
function isPlaceholder(value: string): boolean {
  return STAND_IN.test(value) || SAMPLE_WORD.test(value) || /^[xX*.0_#-]+$/.test(value);
}

const STAND_IN = /[<>{}$%[\]]/;
const SAMPLE_WORD =
  /(?:^|[-_.])(?:your|my|the|example|sample|dummy|fake|placeholder|redacted|hidden|changeme|here|x{3,}|pass|password|secret|token|abc|123)(?:[-_.]|$)|x{8,}|EXAMPLE/i;

/** Words joined by hyphens or underscores. */
function isWords(value: string): boolean {
  return /^[a-z]+(?:[-_][a-z]+)+[-_]?$/.test(value);
}

/** Letters and digits that take turns, as they do by chance only in what nobody made up. */
function isRandom(value: string): boolean {
  const turns = value.match(/[0-9](?=[A-Za-z])|[A-Za-z](?=[0-9])/g)?.length ?? 0;
  return turns >= 3 && new Set(value).size >= 8;
}

function someMatch(text: string, pattern: RegExp, isSecret: (found: string) => boolean): boolean {
  for (const [, found = ''] of text.matchAll(pattern)) if (isSecret(found)) return true;
  return false;
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
