import { Session } from 'node:inspector/promises';

/** By then, what a start needs for a moment is not used any more. */
const SETTLED_MS = 10_000;

/**
 * Collects once what a start leaves: V8 would wait for the next allocations, of which an idle process has few. An inspector
 * session of the process itself opens no port and needs no flag.
 */
export function giveBackWhenSettled(): void {
  setTimeout(() => void collect().catch(() => undefined), SETTLED_MS).unref();
}

async function collect(): Promise<void> {
  const session = new Session();
  session.connect();
  try {
    await session.post('HeapProfiler.collectGarbage');
  } finally {
    session.disconnect();
  }
}
