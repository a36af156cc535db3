/** What the process ends with; scripts tell failures apart by it. */
export const EXIT_CODES = {
  done: 0,
  unexpected: 1,
  /** The command line or a value on it breaks a rule; nothing was sent. */
  usage: 2,
  /** The registry refused the request. */
  refused: 3,
  /** The verification ended without a catalogue. */
  notVerified: 4,
  /** A signature, fingerprint or URL is not what it must be; no credential left this machine. */
  untrusted: 5,
  unreachable: 6,
  /** As shells say it for an interrupt. */
  cancelled: 130,
} as const;

export type ExitKind = Exclude<keyof typeof EXIT_CODES, 'done'>;

/** A failure that the person is told about. `code` is stable; `notes` name fields and rules, never what was typed. */
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
