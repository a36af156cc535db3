import { useState } from 'react';
import { newAttempt } from '../api/keys.js';
import { Unreachable } from '../api/problem.js';

/** Something that is made at most once for each press of a button. */
export interface Attempt {
  go: () => Promise<void>;
  isRunning: boolean;
  error: unknown;
}

/**
 * Makes something whose answer holds a secret: the answer goes to `onMade` and stays nowhere else. If no answer arrives, the next
 * press repeats the same attempt, so that the registry makes no second one.
 */
export function useAttempt<T>(make: (attempt: string) => Promise<T>, onMade: (made: T) => void): Attempt {
  const [attempt, setAttempt] = useState(newAttempt);
  const [isRunning, setRunning] = useState(false);
  const [error, setError] = useState<unknown>();
  const go = async (): Promise<void> => {
    setRunning(true);
    setError(undefined);
    try {
      onMade(await make(attempt));
      setAttempt(newAttempt());
    } catch (failure) {
      if (!(failure instanceof Unreachable)) setAttempt(newAttempt());
      setError(failure);
    } finally {
      setRunning(false);
    }
  };
  return { go, isRunning, error };
}
