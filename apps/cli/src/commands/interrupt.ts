/**
 * Runs work that ends early when the user presses Ctrl-C: then the signal aborts, and the work decides what to take back and
 * what to say. A second Ctrl-C ends the process as usual.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupt = new AbortController();
  const abort = (): void => interrupt.abort();
  process.once('SIGINT', abort);
  try {
    return await work(interrupt.signal);
  } finally {
    process.off('SIGINT', abort);
  }
}
