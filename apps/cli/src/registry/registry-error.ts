import { parseJson } from '@lethe/mcp';
import { CliError } from '../errors/cli.error.js';
import { type BrokenRule, problemResponse } from './problem-response.js';

/**
 * Members of a problem that are shown elsewhere. The others become notes: they name a rule, field or header.
 */
const SHOWN_ELSEWHERE = new Set(['type', 'title', 'status', 'code', 'errors', 'requestId', 'instance']);

/** What to do where nothing is kept. */
export const SWITCH_KEEPING_ON =
  'Set LETHE_KEPT_CREDENTIALS of registry and proxies to on, after you read docs/operations/kept-credentials.md.';

/** What to do about errors whose title does not say it. */
const TODOS: Record<string, string> = { keeping_off: SWITCH_KEEPING_ON };
/** Rules whose name does not say why. */
const WHY: Record<string, string> = {
  not_of_an_open_server: 'anybody may call an open virtual server, so it uses no kept credential',
};

/** Converts an error response of the registry (RFC 9457) to an error that names code, rule and fields. */
export function toRegistryError(status: number, text: string): CliError {
  const problem = problemResponse.safeParse(parseJson(text));
  if (!problem.success) {
    return new CliError('refused', `http_${status}`, `The registry answered with HTTP ${status}`);
  }
  const { code, title, errors = [], requestId } = problem.data;
  const todo = TODOS[code];
  const notes = [
    ...(todo === undefined ? [] : [todo]),
    ...errors.map(brokenRule),
    ...Object.entries(problem.data).flatMap(([member, value]) =>
      SHOWN_ELSEWHERE.has(member) ? [] : [`${member}: ${shown(value)}`],
    ),
    ...(requestId === undefined ? [] : [`request: ${requestId}`]),
  ];
  return new CliError('refused', code, title ?? `The registry answered with HTTP ${status}`, notes);
}

function brokenRule({ field, rule, limit, line, allowed, nearest }: BrokenRule): string {
  // A rule about the document itself names no field.
  const place = line === undefined ? field : `line ${line}`;
  const values = allowed === undefined ? '' : `: ${allowed.map(shown).join(', ')}`;
  const meant = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  const why = rule in WHY ? `: ${WHY[rule]}` : '';
  return `${place}: ${rule}${limit === undefined ? '' : ` (${limit})`}${values}${meant}${why}`;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
