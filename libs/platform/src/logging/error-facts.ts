import { LetheError } from '../errors.js';

/** What a log line contains of an error. A message is included only if it is a fixed text: others may quote values. */
export interface ErrorFacts {
  name: string;
  code?: string;
  message?: string;
  /** Where it was thrown, innermost first. */
  frames?: string[];
  cause?: ErrorFacts;
}

const MAX_FRAMES = 12;
const MAX_CAUSES = 3;

/** Nest's errors about modules and providers contain only names of classes. */
function isAboutWiring(error: Error): boolean {
  for (let type: unknown = error; type instanceof Error; type = Object.getPrototypeOf(type))
    if (type.constructor.name === 'RuntimeException') return true;
  return false;
}

function codeOf(error: Error): string | undefined {
  const code: unknown = 'code' in error ? error.code : undefined;
  // JetStream has numbers for its errors.
  const text = typeof code === 'number' ? String(code) : code;
  return typeof text === 'string' && /^\w{1,64}$/.test(text) ? text : undefined;
}

function framesOf(error: Error): string[] {
  const lines = (error.stack ?? '').split('\n').filter((line) => /^\s+at .+(:\d+:\d+\)?|<anonymous>\)?)$/.test(line));
  return lines.slice(0, MAX_FRAMES).map((line) => line.trim().slice('at '.length));
}

/** Reduces anything thrown to the facts that may be logged. */
export function errorFacts(thrown: unknown, depth = 0): ErrorFacts {
  if (!(thrown instanceof Error)) return { name: `thrown ${typeof thrown}` };
  const facts: ErrorFacts = { name: thrown.name, frames: framesOf(thrown) };
  const code = codeOf(thrown);
  if (code !== undefined) facts.code = code;
  if (thrown instanceof LetheError || isAboutWiring(thrown)) facts.message = thrown.message;
  if (thrown.cause !== undefined && depth < MAX_CAUSES) facts.cause = errorFacts(thrown.cause, depth + 1);
  return facts;
}
