import { useRef, useState } from 'react';
import type { Answer, Question, TrialOptions } from './client/trial.js';

/** A question that waits for an answer of the person. */
export interface OpenQuestion {
  /** Tells it apart from others, which may look the same. */
  id: number;
  question: Question;
  answer: (answer: Answer) => void;
}

/** Questions of upstreams, one after another. One whose call has ended is taken back. */
export function useQuestions(): { question: OpenQuestion | undefined; ask: TrialOptions['ask'] } {
  const [questions, setQuestions] = useState<readonly OpenQuestion[]>([]);
  const asking = useRef(0);
  const ask = (question: Question, signal: AbortSignal): Promise<Answer> =>
    new Promise((resolve) => {
      asking.current += 1;
      const asked: OpenQuestion = {
        id: asking.current,
        question,
        answer: (answer) => {
          setQuestions((before) => before.filter((each) => each !== asked));
          resolve(answer);
        },
      };
      signal.addEventListener('abort', () => asked.answer({ action: 'cancel' }), { once: true });
      setQuestions((before) => [...before, asked]);
    });
  return { question: questions[0], ask };
}
