import { type ErrorFacts, errorFacts } from './logging/error-facts.js';
import { StartError } from './start.error.js';

/** A started application. */
export interface RunningService {
  /** URL at which it listens, without a trailing slash. */
  url: string;
  /** Graceful shutdown: not ready, accept nothing new, finish what runs, close connections. */
  close(): Promise<void>;
}

/** Called during a start as soon as something is served: a signal ends this in order from then on, and not at once. */
export type OnServing = (service: RunningService) => void;

/** The longest that a graceful end may take: the process ends then in any case. */
export const END_TIMEOUT_MS = 25_000;
/** npm hands a Ctrl-C of the terminal on to its script, which has got it already. */
const SAME_SIGNAL_MS = 1_000;

/** Resolves at SIGTERM or SIGINT. A second signal ends the process at once, unless it is the same Ctrl-C once more. */
export function signalled(): Promise<void> {
  return new Promise((resolve) => {
    let firstMs: number | undefined;
    const onSignal = (): void => {
      firstMs ??= performance.now();
      if (performance.now() - firstMs > SAME_SIGNAL_MS) process.exit(1);
      resolve();
    };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, onSignal);
  });
}

/** Closes the service and ends the process. */
async function end(service: RunningService): Promise<never> {
  const overdue = setTimeout(() => process.exit(1), END_TIMEOUT_MS);
  await service.close();
  clearTimeout(overdue);
  process.exit(0);
}

/**
 * Runs a service from its start to its end: until a signal, or until the given promise resolves. A start that waits and serves
 * nothing yet ends at once. A failed start prints one line without values and exits with 1. So does an uncaught error: Node.js
 * would print its message and members, which may quote values.
 */
export function runMain(
  start: (onServing: OnServing) => Promise<RunningService>,
  untilEnd: () => Promise<void> = signalled,
): void {
  process.on('uncaughtException', (error: unknown) => exitWith('Crashed', errorFacts(error)));
  process.on('unhandledRejection', (reason: unknown) => exitWith('Crashed', errorFacts(reason)));
  let serving: RunningService | undefined;
  let isEnding = false;
  const onServing: OnServing = (service) => (serving = service);
  const failed = (error: unknown): void => {
    // The end takes away what a start still waits for.
    if (!isEnding) exitWith('Start failed', startFacts(error));
  };
  start(onServing).then(onServing, failed);
  // Process 1 of a container would ignore a signal without a handler.
  void untilEnd().then(() => {
    isEnding = true;
    return serving ? end(serving) : process.exit(0);
  });
}

/** Prints a warning at the start, before a service has a logger. The line names settings, never a value. */
export function warnAtStart(line: string): void {
  process.stderr.write(
    process.stderr.isTTY ? `Warning: ${line}\n` : `${JSON.stringify({ level: 'warn', msg: line })}\n`,
  );
}

function exitWith(msg: string, err: ErrorFacts): never {
  // With frames it is an error of the program, whose whole line belongs into a report.
  const isForPeople = process.stderr.isTTY && err.message !== undefined && err.frames === undefined;
  process.stderr.write(isForPeople ? `${msg}: ${err.message}\n` : `${JSON.stringify({ level: 'fatal', msg, err })}\n`);
  process.exit(1);
}

/** The messages of a `StartError` and of a plain `Error` are our own texts. Of other errors only safe facts are printed. */
function startFacts(error: unknown): ErrorFacts {
  if (error instanceof StartError) return { name: error.name, message: error.message };
  const isOwnLine = error instanceof Error && error.constructor === Error && !('code' in error);
  return isOwnLine ? { name: 'Error', message: error.message } : errorFacts(error);
}
