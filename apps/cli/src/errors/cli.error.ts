/** Exit codes of the process, by which scripts can distinguish failures. */
export const EXIT_CODES = {
  done: 0,
  unexpected: 1,
  /** The command line or a value on it is not valid; nothing was sent. */
  usage: 2,
  /** The registry rejected the request. */
  refused: 3,
  /** The verification ended without a catalogue. */
  notVerified: 4,
  /** A signature, fingerprint or URL is not the expected one; no credential left this machine. */
  untrusted: 5,
  unreachable: 6,
  /** `lethe doctor` found something that does not work. */
  unhealthy: 7,
  /** A tool was called, and reports that it failed. */
  toolFailed: 8,
  /** With `--fail-on-drift`: the upstream has changed since the last verification, or something waits for a review. */
  drift: 9,
  /** `lethe diff`: gateways or virtual servers are not what the document says. */
  differs: 10,
  /** The exit code that shells use for an interrupt. */
  cancelled: 130,
} as const;

/** Kind of a failure, which decides the exit code. */
export type ExitKind = Exclude<keyof typeof EXIT_CODES, 'done'>;

/** A failure to show to the user. `code` is stable; `notes` name fields and rules, and never repeat input. */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(
    readonly kind: ExitKind,
    readonly code: string,
    message: string,
    readonly notes: readonly string[] = [],
  ) {
    super(message);
  }
}

/** What a login or its store ends with after Ctrl-C. */
export function cancelled(): CliError {
  return new CliError('cancelled', 'cancelled', 'Cancelled; nothing was kept');
}

/** One error for all of them, so that nobody finds the next one only after correcting the first, whose kind and code it has. */
export function joinErrors(first: CliError, others: readonly CliError[]): CliError {
  if (others.length === 0) return first;
  const all = [first, ...others];
  const texts = all.flatMap(({ message, code, notes }) => [`${message} (${code})`, ...notes]);
  return new CliError(first.kind, first.code, `${all.length} problems, nothing was done`, [...new Set(texts)]);
}
