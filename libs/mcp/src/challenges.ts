import { CHALLENGE_ERRORS, type ChallengeFacts } from '@lethe/contracts';
import type { ResponseHeaders } from './response-head.js';

/** https://www.iana.org/assignments/http-authschemes */
const REGISTERED = new Set([
  'basic',
  'bearer',
  'digest',
  'dpop',
  'hoba',
  'mutual',
  'negotiate',
  'ntlm',
  'gnap',
  'privatetoken',
]);
/** Longer values are not read. */
const MAX_CHARACTERS = 8_192;
const SCHEME = /[ \t]*(?<scheme>[A-Za-z][A-Za-z0-9-]{0,31})(?=[ \t,]|$)(?![ \t]*=)[ \t]*/y;
const TOKEN_68 = /[A-Za-z0-9\-._~+/]+=*/;
/** Values without quotes may hold more than the specification allows, such as URLs: servers send them so. */
const PARAMETER = /(?<name>[\w!#$%&'*+\-.^`|~]+)[ \t]*=[ \t]*(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<plain>[^\s",]+))/;
/** What is between two commas. No part of it can match the same text in two ways, so the time is linear. */
const ELEMENT = new RegExp(
  `(?:${SCHEME.source}(?:${TOKEN_68.source}(?=[ \\t]*(?:,|$)))?)?[ \\t]*(?:${PARAMETER.source})?[ \\t]*(?:,|$)`,
  'y',
);

const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/;
const MAX_SCOPES = 32;
/** https://www.rfc-editor.org/rfc/rfc9449#section-8.1 */
const DPOP_NONCE = /^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/;

/** One challenge of `WWW-Authenticate`, of a registered scheme. */
export interface Challenge {
  /** As the upstream writes it. */
  readonly scheme: string;
  /** Values by name in lower case, without those that are given twice. They are the upstream's text. */
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * The challenges in `WWW-Authenticate`, in their order. Where a value is malformed, its challenge has no parameters, and nothing
 * after it is read.
 * https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
 */
export function parseChallenges(header: string | readonly string[] | undefined = []): Challenge[] {
  const all = [header].flat().flatMap((value) => challengesOf(value));
  return all.filter(({ scheme }) => REGISTERED.has(scheme.toLowerCase()));
}

/**
 * The registered schemes of the challenges in `WWW-Authenticate`, in their order. Nothing else of the header may be shown: it is
 * the upstream's text, and could steer a client's OAuth flow elsewhere.
 */
export function challengedSchemes(header: string | readonly string[] | undefined): string[] {
  return parseChallenges(header).map(({ scheme }) => scheme);
}

/**
 * What callers are told of an upstream's challenge: of several, the one that says most.
 * @param origin the upstream's
 */
export function challengeFacts(headers: ResponseHeaders, origin: string): ChallengeFacts | undefined {
  const all = parseChallenges(headers['www-authenticate']);
  const told = all.map(({ scheme, parameters }) => ({ scheme, ...toldParameters(parameters, origin) }));
  const chosen = told.find(({ error }) => error) ?? told.find(({ scope }) => scope) ?? told[0];
  const nonce = headers['dpop-nonce'];
  const isNonce = typeof nonce === 'string' && DPOP_NONCE.test(nonce);
  return chosen && { ...chosen, ...(isNonce && { dpopNonce: nonce }) };
}

function toldParameters(parameters: Challenge['parameters'], origin: string): Omit<ChallengeFacts, 'scheme'> {
  const error = CHALLENGE_ERRORS.find((known) => known === parameters.get('error'));
  const scope = parameters.get('scope');
  const metadata = parameters.get('resource_metadata') ?? '';
  const isElsewhere = URL.canParse(metadata) && new URL(metadata).origin !== origin;
  return {
    ...(error && { error }),
    ...(scope !== undefined && isScope(scope) && { scope }),
    ...(isElsewhere && { metadataElsewhere: true }),
  };
}

/** https://www.rfc-editor.org/rfc/rfc6749#section-3.3 */
function isScope(scope: string): boolean {
  const tokens = scope.split(' ', MAX_SCOPES + 1);
  return tokens.length <= MAX_SCOPES && tokens.every((token) => SCOPE_TOKEN.test(token));
}

function challengesOf(text: string): Challenge[] {
  if (text.length > MAX_CHARACTERS) return [];
  const found: ParsedChallenge[] = [];
  for (let at = 0; at < text.length; at = ELEMENT.lastIndex) {
    const element = matchAt(ELEMENT, text, at);
    const { scheme } = element ?? matchAt(SCHEME, text, at) ?? {};
    if (scheme !== undefined) found.push(new ParsedChallenge(scheme));
    const challenge = found.at(-1);
    if (!element || !challenge) {
      challenge?.parameters.clear();
      break;
    }
    const { name, quoted, plain } = element;
    const value = quoted?.replaceAll(/\\(.)/g, '$1') ?? plain;
    if (name !== undefined && value !== undefined) challenge.add(name.toLowerCase(), value);
  }
  return found;
}

function matchAt(pattern: RegExp, text: string, at: number): Record<string, string | undefined> | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.groups;
}

class ParsedChallenge implements Challenge {
  readonly parameters = new Map<string, string>();
  private readonly given = new Set<string>();

  constructor(readonly scheme: string) {}

  add(name: string, value: string): void {
    if (this.given.has(name)) this.parameters.delete(name);
    else this.parameters.set(name, value);
    this.given.add(name);
  }
}
