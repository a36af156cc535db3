import type { ReactNode } from 'react';
import { hasEnded, type Verification } from '../../api/verifications.js';
import { useFormats } from '../../text/text.js';
import styles from './register.module.css';
import { RESULT } from './result-texts.js';

type State = 'done' | 'now' | 'waits';

/** The steps of a handshake. A screen reader is told when one changes. */
export function HandshakeProgress({ view, isSealed }: { view: Verification; isSealed: boolean }): ReactNode {
  const { text } = useFormats();
  const isOver = hasEnded(view);
  const isSent = view.state !== 'awaiting_credential';
  const ran: State = isOver ? 'done' : isSent ? 'now' : 'waits';
  const steps: [keyof typeof RESULT, State][] = [
    ...(isSealed
      ? ([
          ['sealed', 'done'],
          ['sent', isSent ? 'done' : 'now'],
        ] satisfies [keyof typeof RESULT, State][])
      : ([['begun', 'done']] satisfies [keyof typeof RESULT, State][])),
    ['running', ran],
    ['signed', isOver && view.receipt !== undefined ? 'done' : 'waits'],
  ];
  return (
    <ol className={styles['progress']} aria-live="polite">
      {steps.map(([step, state]) => (
        <li key={step} data-state={state}>
          <span>
            {text(RESULT[step])}
            <span className="visually-hidden">{`: ${text(RESULT[state])}`}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
