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

/** The headers of one admitted request by lower-case name, each at most once and in plain ASCII. */
export class HeaderView {
  constructor(private readonly values: ReadonlyMap<string, string>) {}

  get(name: string): string | undefined {
    return this.values.get(name);
  }

  /** `[name, value]` of headers whose name starts so. */
  startingWith(prefix: string): [name: string, value: string][] {
    return [...this.values].filter(([name]) => name.startsWith(prefix));
  }
}

/**
 * Reads raw headers, refusing what two readers could read differently. A name is repeated in the refusal only when it is
 * one of ours: people swap names and values.
 * @throws LetheError `header_illegal`, `header_too_large`
 */
export function admitHeaders(raw: readonly string[]): HeaderView {
  const values = new Map<string, string>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] ?? '').toLowerCase();
    const value = raw[at + 1] ?? '';
    const problem = headerProblem(name, value, values);
    if (problem === 'too_large') throw new LetheError('header_too_large', shown(name));
    if (problem) throw new LetheError('header_illegal', { ...shown(name), rule: problem });
    if (!values.has(name)) values.set(name, value);
  }
  const coding = values.get('transfer-encoding');
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') {
    throw new LetheError('header_illegal', { header: 'transfer-encoding', rule: 'unsupported' });
  }
  return new HeaderView(values);
}

type HeaderProblem = 'too_large' | 'underscore' | 'not_ascii' | 'duplicate' | undefined;

function headerProblem(name: string, value: string, seen: ReadonlyMap<string, string>): HeaderProblem {
  if (name.includes('_')) return 'underscore';
  if (value.length > MAX_CREDENTIAL_BYTES) return 'too_large';
  if (value !== '' && !isLegalHeaderValue(value)) return 'not_ascii';
  return seen.has(name) && isSingle(name) ? 'duplicate' : undefined;
}

function isSingle(name: string): boolean {
  return SINGLE.has(name) || SINGLE_PREFIXES.some((prefix) => name.startsWith(prefix));
}

function shown(name: string): { header?: string } {
  return isSingle(name) && name.length <= MAX_SHOWN ? { header: name } : {};
}
