/** Ctrl-C, the request of another program, and a terminal that was closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs work that ends early when the user presses Ctrl-C or closes the terminal: then the signal aborts, and the work decides
 * what to take back and what to say. A second Ctrl-C ends the process as usual.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupt = new AbortController();
  const abort = (): void => interrupt.abort();
  for (const name of SIGNALS) process.once(name, abort);
  try {
    return await work(interrupt.signal);
  } finally {
    for (const name of SIGNALS) process.off(name, abort);
  }
}
