import { useEffect, useRef, useState } from 'react';
import type { Trial, TrialOptions } from './client/trial.js';
import { type Notes, useNotes } from './use-notes.js';
import { type OpenQuestion, useQuestions } from './use-questions.js';

/** What is known of the connection to a virtual server. */
export interface TrialState {
  trial: Trial | undefined;
  isConnecting: boolean;
  error: unknown;
  question: OpenQuestion | undefined;
  notes: Notes;
  connect: (options: Pick<TrialOptions, 'url' | 'era' | 'headers'>) => Promise<void>;
  disconnect: () => void;
}

/** A connection to a virtual server. It is closed, and what was typed for it is forgotten, when the screen is left. */
export function useTrial(): TrialState {
  const [trial, setTrial] = useState<Trial>();
  const [isConnecting, setConnecting] = useState(false);
  const [error, setError] = useState<unknown>();
  const { question, ask } = useQuestions();
  const notes = useNotes();
  const current = useCurrent();
  const show = (next: Trial | undefined): void => {
    current.hold(next);
    setTrial(next);
  };
  const connect: TrialState['connect'] = async (options) => {
    setConnecting(true);
    setError(undefined);
    notes.clear();
    try {
      const { openTrial } = await import('./client/open-trial.js');
      show(await openTrial({ ...options, ask, onNotice: notes.onNotice, onExchange: notes.onExchange }));
    } catch (failure) {
      setError(failure);
    } finally {
      setConnecting(false);
    }
  };
  const disconnect = (): void => {
    void trial?.close();
    show(undefined);
  };
  return { trial, isConnecting, error, question, notes, connect, disconnect };
}

/** Closes the connection that there is when the screen is left, also one that is only made after that. */
function useCurrent(): { hold: (next: Trial | undefined) => void } {
  const held = useRef<{ trial: Trial | undefined; isLeft: boolean }>({ trial: undefined, isLeft: false });
  useEffect(() => {
    const here = held.current;
    here.isLeft = false;
    return () => {
      here.isLeft = true;
      void here.trial?.close();
    };
  }, []);
  return {
    hold: (next) => {
      held.current.trial = next;
      if (held.current.isLeft) void next?.close();
    },
  };
}
