import type { JsonObject } from '@lethe/contracts';
import { useEffect, useRef, useState } from 'react';
import type { Call, Trial } from './client/trial.js';
import type { TrialState } from './use-trial.js';

/** One call, and what became of it. */
export interface CallState {
  isRunning: boolean;
  wasCancelled: boolean;
  result: JsonObject | undefined;
  error: unknown;
  /** How long it took, in milliseconds; undefined while it runs. */
  durationMs: number | undefined;
  start: (call: Call) => Promise<void>;
  /** Gives up: the SDK tells the upstream that nobody waits any more. */
  cancel: () => void;
}

type Ended = Pick<CallState, 'wasCancelled' | 'result' | 'error' | 'durationMs'>;

const NOTHING: Ended = { wasCancelled: false, result: undefined, error: undefined, durationMs: undefined };

/** Calls, one after another. Whoever goes to another item gives up the call that runs. */
export function useCall(trial: Trial, state: TrialState): CallState {
  const [isRunning, setRunning] = useState(false);
  const [ended, setEnded] = useState<Ended>(NOTHING);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const start = async (call: Call): Promise<void> => {
    const controller = new AbortController();
    running.current = controller;
    state.notes.clear();
    setEnded(NOTHING);
    setRunning(true);
    const begun = performance.now();
    const end = (what: Partial<Ended>): void => {
      setEnded({ ...NOTHING, ...what, durationMs: Math.round(performance.now() - begun) });
      setRunning(false);
    };
    try {
      const result = await trial.run(call, controller.signal);
      end({ result });
    } catch (error) {
      end(controller.signal.aborted ? { wasCancelled: true } : { error });
    }
  };
  return { ...ended, isRunning, start, cancel: () => running.current?.abort('The person gave up') };
}
