import { ERROR_ADVICE } from '../error-advice.js';
import { ERRORS, type ErrorCode, LetheError } from '../errors.js';

/**
 * Describes an error for people: its status and number, what it means, what to do.
 * @throws LetheError `not_found` for a code that does not exist
 */
export function describeProblem(code: string): string {
  if (!isCode(code)) throw new LetheError('not_found');
  const { status, rpc, message } = ERRORS[code];
  // The advice may link to pages of the documentation, which a service does not have.
  const advice = ERROR_ADVICE[code].replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1');
  return `${code} (HTTP status ${status}, number ${rpc})\n\n${message}.\n\nWhat to do: ${advice}.\n`;
}

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}
