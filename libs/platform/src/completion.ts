/** Called when some work is over: with an error if it failed. Only the first call counts. */
export type Done = (error?: unknown) => void;

/** Starts work that calls `done` itself. An error that it throws synchronously goes to `done` as well. */
export function runCatching(work: () => void, done: Done): void {
  try {
    work();
  } catch (error) {
    done(error);
  }
}

/** Calls `done` when work is over that may be synchronous or return a promise. */
export function completeWith(work: () => Promise<void> | void, done: Done): void {
  let promised: Promise<void> | void;
  try {
    promised = work();
  } catch (error) {
    return done(error);
  }
  if (promised) promised.then(() => done(), done);
  else done();
}

/** Turns work that calls `done` into a promise. */
export function promisify(work: (done: Done) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    work((error) => {
      if (error === undefined) resolve();
      else reject(error instanceof Error ? error : new Error('what was thrown is no error', { cause: error }));
    });
  });
}
