import { isLegalHeaderValue, MAX_CREDENTIAL_BYTES } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';

/** Headers that may occur only once: two receivers of a duplicate could disagree on which one counts. */
const SINGLE = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'x-api-key',
  'host',
  'origin',
  'content-length',
  'content-type',
  'content-encoding',
  'transfer-encoding',
  'last-event-id',
]);
const SINGLE_PREFIXES = ['mcp-', 'x-upstream-'];
/** Node drops the headers beyond this number of names and values without a word. */
const MAX_NAMES_AND_VALUES = 2_000;
/** Longest name that an error repeats. */
const MAX_SHOWN = 128;
/** Up to this many headers, a linear search is faster than an index. */
const MAX_UNINDEXED = 32;

/** The checked headers of one request by lower-case name. Each name occurs once, and values are plain ASCII. */
export class RequestHeaders {
  private readonly names: string[] = [];
  private readonly values: string[] = [];
  private index: Map<string, number> | undefined;
  /** Takes headers for the response to this request. */
  reply: { setHeaders(headers: Readonly<Record<string, string>>): void } | undefined = undefined;

  get(name: string): string | undefined {
    const at = this.indexOf(name);
    return at === -1 ? undefined : this.values[at];
  }

  has(name: string): boolean {
    return this.indexOf(name) !== -1;
  }

  /** Adds a header whose name does not exist yet. */
  add(name: string, value: string): void {
    const count = this.names.push(name);
    this.values.push(value);
    if (this.index) this.index.set(name, count - 1);
    else if (count === MAX_UNINDEXED) this.index = new Map(this.names.map((each, at) => [each, at]));
  }

  /** `[name, value]` of each header whose name has this prefix. */
  startingWith(prefix: string): [name: string, value: string][] {
    const found: [string, string][] = [];
    for (const [at, name] of this.names.entries())
      if (name.startsWith(prefix)) found.push([name, this.values[at] ?? '']);
    return found;
  }

  private indexOf(name: string): number {
    return this.index ? (this.index.get(name) ?? -1) : this.names.indexOf(name);
  }
}

/** The properties that a header's name decides. */
interface HeaderName {
  /** The name as it was written. */
  readonly raw: string;
  readonly lower: string;
  readonly isSingle: boolean;
  readonly isLegal: boolean;
}

/**
 * Names that most requests have, as clients write them; they are classified once, at start. Other names are classified each
 * time and never stored, because people sometimes swap a name and its secret value.
 */
const USUAL_NAMES = [
  'Host',
  'Connection',
  'Content-Type',
  'Content-Length',
  'Accept',
  'Accept-Encoding',
  'Accept-Language',
  'User-Agent',
  'Authorization',
  'MCP-Protocol-Version',
  'Mcp-Protocol-Version',
  'Mcp-Session-Id',
  'Mcp-Method',
  'Mcp-Name',
  'Last-Event-ID',
  'Last-Event-Id',
  'Origin',
  'Sec-Fetch-Mode',
  'Transfer-Encoding',
  'Cache-Control',
  'Traceparent',
  'Tracestate',
  'X-Forwarded-For',
  'X-Forwarded-Host',
  'X-Forwarded-Proto',
  'X-Request-Id',
];
const CLASSIFIED = new Map(
  USUAL_NAMES.flatMap((name) => [name, name.toLowerCase()]).map((name) => [name, classify(name)]),
);
const LONGEST_USUAL = Math.max(...USUAL_NAMES.map(({ length }) => length));

/** Positions at which a name is remembered. */
const MAX_REMEMBERED = 64;

/**
 * Parses the raw headers of one server's requests. It remembers the usual name that it saw last at each position: clients
 * keep their order, and comparing two strings costs less than hashing one.
 */
export class RequestHeaderParser {
  private readonly lastNames: (HeaderName | undefined)[] = [];

  /**
   * Rejects headers that two receivers could understand differently. The error repeats a name only if it is one of `SINGLE`
   * or `SINGLE_PREFIXES`: people sometimes swap a name and its secret value.
   * @throws LetheError `header_illegal`, `header_too_large`, `headers_too_large`
   */
  parse(raw: readonly string[]): RequestHeaders {
    if (raw.length >= MAX_NAMES_AND_VALUES) throw new LetheError('headers_too_large');
    const headers = new RequestHeaders();
    for (let at = 0; at + 1 < raw.length; at += 2) {
      const name = this.nameAt(at, raw[at] ?? '');
      const value = raw[at + 1] ?? '';
      const isSeen = headers.has(name.lower);
      const problem = headerProblem(name, value, isSeen);
      if (problem === 'too_large') throw new LetheError('header_too_large', shown(name));
      if (problem) throw new LetheError('header_illegal', { ...shown(name), rule: problem });
      if (!isSeen) headers.add(name.lower, value);
    }
    const coding = headers.get('transfer-encoding');
    if (coding !== undefined && coding.toLowerCase() !== 'chunked') {
      throw new LetheError('header_illegal', { header: 'transfer-encoding', rule: 'unsupported' });
    }
    return headers;
  }

  private nameAt(position: number, raw: string): HeaderName {
    const last = this.lastNames[position];
    if (last?.raw === raw) return last;
    // Long names are not looked up: the lookup would hash them.
    const usual = raw.length > LONGEST_USUAL ? undefined : CLASSIFIED.get(raw);
    if (!usual) return classify(raw);
    if (position < MAX_REMEMBERED) this.lastNames[position] = usual;
    return usual;
  }
}

/** Parses the raw headers of a single request, as `RequestHeaderParser` does. */
export function parseRequestHeaders(raw: readonly string[]): RequestHeaders {
  return new RequestHeaderParser().parse(raw);
}

type HeaderProblem = 'too_large' | 'underscore' | 'not_ascii' | 'duplicate' | undefined;

function headerProblem({ isLegal, isSingle }: HeaderName, value: string, isSeen: boolean): HeaderProblem {
  if (!isLegal) return 'underscore';
  if (value.length > MAX_CREDENTIAL_BYTES) return 'too_large';
  if (value !== '' && !isLegalHeaderValue(value)) return 'not_ascii';
  return isSeen && isSingle ? 'duplicate' : undefined;
}

function classify(raw: string): HeaderName {
  const lower = raw.toLowerCase();
  const isSingle = SINGLE_PREFIXES.some((prefix) => lower.startsWith(prefix)) || SINGLE.has(lower);
  return { raw, lower, isSingle, isLegal: !lower.includes('_') };
}

function shown({ lower, isSingle }: HeaderName): { header?: string } {
  return isSingle && lower.length <= MAX_SHOWN ? { header: lower } : {};
}
