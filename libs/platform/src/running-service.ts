import type { INestApplication } from '@nestjs/common';
import { errorFacts } from './logging/error-facts.js';
import { Readiness } from './ops/readiness.js';

/** A started application. */
export interface RunningService {
  /** Where it listens, without a trailing slash. */
  url: string;
  /** Graceful end: not ready, stop intake, finish, close. */
  close(): Promise<void>;
}

const END_TIMEOUT_MS = 25_000;

/**
 * Ends an application in order: not ready, intake stops, what is running finishes, connections close.
 * `drainMs` leaves load balancers time to notice.
 */
export async function closeGracefully(app: INestApplication, drainMs = 0): Promise<void> {
  app.get(Readiness, { strict: false }).drain();
  if (drainMs > 0) await new Promise((resolve) => setTimeout(resolve, drainMs));
  await app.close();
}

/** Runs until SIGTERM or SIGINT, then ends the service and the process; a second signal ends it at once. */
export async function runUntilSignal(service: Pick<RunningService, 'close'>): Promise<void> {
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(1));
  const overdue = setTimeout(() => process.exit(1), END_TIMEOUT_MS);
  await service.close();
  clearTimeout(overdue);
  process.exit(0);
}

/**
 * A `main.ts` in one call: start, run until a signal; a failed start prints one line without values and exits 1. So does
 * an error that nobody caught: left alone, Node.js prints all of it, and what a message or a member quotes.
 */
export function runMain(start: () => Promise<RunningService>): void {
  process.on('uncaughtException', (error: unknown) => exitWith('Crashed', errorFacts(error)));
  process.on('unhandledRejection', (reason: unknown) => exitWith('Crashed', errorFacts(reason)));
  start()
    .then(runUntilSignal)
    .catch((error: unknown) => exitWith('Start failed', startFacts(error)));
}

function exitWith(msg: string, err: unknown): never {
  process.stderr.write(`${JSON.stringify({ level: 'fatal', msg, err })}\n`);
  process.exit(1);
}

/** Plain `Error`s of a start are our own lines about settings; anything else is reduced to its facts. */
function startFacts(error: unknown): unknown {
  const isOwnLine = error instanceof Error && error.constructor === Error && !('code' in error);
  return isOwnLine ? { name: 'Error', message: error.message } : errorFacts(error);
}
