/** Is told that something has ended: without an error when it went well. Only the first time counts. */
export type Done = (error?: unknown) => void;

/** Starts what tells its end itself; what it throws at once is its end too. */
export function runCatching(work: () => void, done: Done): void {
  try {
    work();
  } catch (error) {
    done(error);
  }
}

/** Tells the end of what is done at once or promises to be. */
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

/** A promise of what tells its end itself. */
export function promisify(work: (done: Done) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    work((error) => {
      if (error === undefined) resolve();
      else reject(error instanceof Error ? error : new Error('what was thrown is no error', { cause: error }));
    });
  });
}
