import { isLegalHeaderValue, MAX_CREDENTIAL_BYTES } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';

/** Headers that must come once: two readers of a duplicate need not agree on which counts. */
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
/** Longer ones are no name of ours. */
const MAX_SHOWN = 128;
const SINGLE_PREFIXES = ['mcp-', 'x-upstream-'];

/** As many are found faster by looking at each than by an index. */
const MAX_UNINDEXED = 32;

/** The headers of one admitted request by lower-case name, each at most once and in plain ASCII. */
export class RequestHeaders {
  private readonly names: string[] = [];
  private readonly values: string[] = [];
  private index: Map<string, number> | undefined;

  get(name: string): string | undefined {
    const at = this.indexOf(name);
    return at === -1 ? undefined : this.values[at];
  }

  has(name: string): boolean {
    return this.indexOf(name) !== -1;
  }

  /** A name that is not there yet. */
  add(name: string, value: string): void {
    const count = this.names.push(name);
    this.values.push(value);
    if (this.index) this.index.set(name, count - 1);
    else if (count === MAX_UNINDEXED) this.index = new Map(this.names.map((each, at) => [each, at]));
  }

  /** `[name, value]` of headers whose name starts so. */
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

/** What is known of a header's name, whatever its value. */
interface Name {
  /** As it was written. */
  readonly raw: string;
  readonly lower: string;
  readonly isSingle: boolean;
  readonly isLegal: boolean;
}

/** Names that come with nearly every request, as clients write them. None is learnt from traffic: people swap names and values. */
const USUAL = [
  ...['Host', 'Connection', 'Content-Type', 'Content-Length', 'Accept', 'Accept-Encoding', 'Accept-Language'],
  ...['User-Agent', 'Authorization', 'MCP-Protocol-Version', 'Mcp-Protocol-Version', 'Mcp-Session-Id', 'Mcp-Method'],
  ...['Mcp-Name', 'Last-Event-ID', 'Last-Event-Id', 'Origin', 'Sec-Fetch-Mode', 'Transfer-Encoding', 'Cache-Control'],
  ...['Traceparent', 'Tracestate', 'X-Forwarded-For', 'X-Forwarded-Host', 'X-Forwarded-Proto', 'X-Request-Id'],
];
const NAMES = new Map(USUAL.flatMap((name) => [name, name.toLowerCase()]).map((name) => [name, judged(name)]));
const LONGEST_USUAL = Math.max(...USUAL.map(({ length }) => length));
/** Places that are guessed at. */
const MAX_GUESSED = 64;
/** The usual name that was last seen at each place: clients keep their order, and a name that is guessed is not hashed. */
const guessed: (Name | undefined)[] = [];

/**
 * Reads raw headers, refusing what two readers could read differently. A name is repeated in the refusal only when it is
 * one of ours: people swap names and values.
 * @throws LetheError `header_illegal`, `header_too_large`
 */
export function parseRequestHeaders(raw: readonly string[]): RequestHeaders {
  const view = new RequestHeaders();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = nameAt(at, raw[at] ?? '');
    const value = raw[at + 1] ?? '';
    const isSeen = view.has(name.lower);
    const problem = headerProblem(name, value, isSeen);
    if (problem === 'too_large') throw new LetheError('header_too_large', shown(name));
    if (problem) throw new LetheError('header_illegal', { ...shown(name), rule: problem });
    if (!isSeen) view.add(name.lower, value);
  }
  const coding = view.get('transfer-encoding');
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') {
    throw new LetheError('header_illegal', { header: 'transfer-encoding', rule: 'unsupported' });
  }
  return view;
}

type HeaderProblem = 'too_large' | 'underscore' | 'not_ascii' | 'duplicate' | undefined;

function headerProblem({ isLegal, isSingle }: Name, value: string, isSeen: boolean): HeaderProblem {
  if (!isLegal) return 'underscore';
  if (value.length > MAX_CREDENTIAL_BYTES) return 'too_large';
  if (value !== '' && !isLegalHeaderValue(value)) return 'not_ascii';
  return isSeen && isSingle ? 'duplicate' : undefined;
}

function nameAt(place: number, raw: string): Name {
  const guess = guessed[place];
  if (guess?.raw === raw) return guess;
  const usual = raw.length > LONGEST_USUAL ? undefined : NAMES.get(raw);
  if (!usual) return judged(raw);
  if (place < MAX_GUESSED) guessed[place] = usual;
  return usual;
}

function judged(raw: string): Name {
  const lower = raw.toLowerCase();
  const isSingle = SINGLE_PREFIXES.some((prefix) => lower.startsWith(prefix)) || SINGLE.has(lower);
  return { raw, lower, isSingle, isLegal: !lower.includes('_') };
}

function shown({ lower, isSingle }: Name): { header?: string } {
  return isSingle && lower.length <= MAX_SHOWN ? { header: lower } : {};
}
