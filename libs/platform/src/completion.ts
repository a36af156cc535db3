/** Callback for the end of some work, with an error if it failed. Only the first call counts. */
export type Done = (error?: unknown) => void;

/** Starts work that calls `done` itself. An error that it throws synchronously goes to `done` as well. */
export function runCatching(work: () => void, done: Done): void {
  try {
    work();
  } catch (error) {
    done(error);
  }
}

/** Runs work that may return a promise, and calls `done` when it has ended. */
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

/** Runs work that calls `done`, and returns a promise for it. */
export function promisify(work: (done: Done) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    work((error) => {
      if (error === undefined) resolve();
      else
        reject(error instanceof Error ? error : new Error('a value was thrown that is not an error', { cause: error }));
    });
  });
}
