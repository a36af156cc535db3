/** Is told that something has ended: without an error when it went well. Only the first time counts. */
export type Settle = (error?: unknown) => void;

/** Starts what tells its end itself; what it throws at once is its end too. */
export function attempt(work: () => void, settle: Settle): void {
  try {
    work();
  } catch (error) {
    settle(error);
  }
}

/** Tells the end of what is done at once or promises to be. */
export function settleWith(work: () => Promise<void> | void, settle: Settle): void {
  let promised: Promise<void> | void;
  try {
    promised = work();
  } catch (error) {
    return settle(error);
  }
  if (promised) promised.then(() => settle(), settle);
  else settle();
}

/** A promise of what tells its end itself. */
export function settled(work: (settle: Settle) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    work((error) => {
      if (error === undefined) resolve();
      else reject(error instanceof Error ? error : new Error('what was thrown is no error', { cause: error }));
    });
  });
}
