import { CHALLENGE_ERRORS, type ChallengeFacts } from '@lethe/contracts';
import { isDpopNonce, isScopeToken } from './oauth-texts.js';
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
/** Each of these is a run of characters that nothing before it can take, so reading takes linear time. */
const GAP = /[ \t,]*/y;
const SPACE = /[ \t]*/y;
const TOKEN = /[\w!#$%&'*+\-.^`|~]*/y;
const TOKEN_68 = /[A-Za-z0-9\-._~+/]+=*/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/y;
/** Without quotes. It may hold more than the specification allows, such as URLs: servers send them so. */
const PLAIN = /([^\s",]+)/y;

const MAX_SCOPES = 32;

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
  const all = [header]
    .flat()
    .flatMap((value) => (value.length > MAX_CHARACTERS ? [] : new ChallengeReader(value).read()));
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
  const isNonce = typeof nonce === 'string' && isDpopNonce(nonce);
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
  return tokens.length <= MAX_SCOPES && tokens.every(isScopeToken);
}

/** Reads one header field. */
class ChallengeReader {
  private readonly found: ParsedChallenge[] = [];
  private at = 0;

  constructor(private readonly text: string) {}

  read(): Challenge[] {
    while (this.at < this.text.length) {
      if (this.readElement()) continue;
      this.found.at(-1)?.parameters.clear();
      break;
    }
    return this.found;
  }

  /** A parameter, or a scheme with its token68; false if it is malformed. Some servers leave out the comma before a parameter. */
  private readElement(): boolean {
    const isFirst = this.at === 0;
    const gap = this.take(GAP);
    if (this.at === this.text.length) return true;
    const name = this.take(TOKEN);
    if (name === '' || (!isFirst && gap === '')) return false;
    if (this.skipEquals()) return this.readParameter(name.toLowerCase());
    if (!isFirst && !gap.includes(',')) return false;
    this.found.push(new ParsedChallenge(name));
    this.skipToken68();
    return true;
  }

  private readParameter(name: string): boolean {
    const challenge = this.found.at(-1);
    const value = this.match(QUOTED)?.[1]?.replaceAll(/\\(.)/g, '$1') ?? this.match(PLAIN)?.[1];
    if (!challenge || value === undefined) return false;
    challenge.add(name, value);
    return true;
  }

  private skipEquals(): boolean {
    const start = this.at;
    this.take(SPACE);
    if (this.text[this.at] !== '=') {
      this.at = start;
      return false;
    }
    this.at += 1;
    this.take(SPACE);
    return true;
  }

  private skipToken68(): void {
    const start = this.at;
    const isThere = this.take(SPACE) !== '' && this.take(TOKEN_68) !== '';
    this.take(SPACE);
    const next = this.text[this.at];
    if (!isThere || (next !== undefined && next !== ',')) this.at = start;
  }

  private take(pattern: RegExp): string {
    return this.match(pattern)?.[0] ?? '';
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    this.at += match?.[0].length ?? 0;
    return match;
  }
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
