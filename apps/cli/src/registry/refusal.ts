import { CliError } from '../cli.error.js';
import { problemAnswer } from './answers.js';

/** A refusal of the registry (RFC 9457 problem) as an error that names code, rule and fields. */
export function refusalOf(status: number, text: string): CliError {
  const problem = problemAnswer.safeParse(decoded(text));
  if (!problem.success) {
    return new CliError('refused', `http_${status}`, `The registry answered with HTTP ${status}`);
  }
  const { code, title, detail, errors = [], requestId } = problem.data;
  const notes = [
    ...errors.map(({ field, rule }) => `${field}: ${rule}`),
    ...(detail === undefined || detail === null ? [] : [typeof detail === 'string' ? detail : JSON.stringify(detail)]),
    ...(requestId === undefined ? [] : [`request ${requestId}`]),
  ];
  return new CliError('refused', code, title ?? `The registry answered with HTTP ${status}`, notes);
}

function decoded(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
