import { showHidden } from '@lethe/mcp';
import type { ReactNode } from 'react';
import { Verbatim } from '../../parts/verbatim.js';
import { useFormats } from '../../text/text.js';
import type { Notice as Said, Trial } from './client/trial.js';
import { CALL } from './texts.js';
import styles from './try.module.css';
import type { CallState } from './use-call.js';
import type { TrialState } from './use-trial.js';

interface RunNotesProps {
  trial: Trial;
  state: TrialState;
  call: CallState;
}

/** What a call says while it runs, how long it took, and which requests it was made of. */
export function RunNotes({ trial, state: { notes }, call }: RunNotesProps): ReactNode {
  const { text } = useFormats();
  const { notices, exchanges } = notes;
  const { isRunning, durationMs } = call;
  const progress = notices.findLast((each) => each.kind === 'progress');
  const logs = notices.filter((each) => each.kind === 'log');
  return (
    <div className={styles['part']} aria-live="polite">
      {isRunning && <p>{text(CALL.running)}</p>}
      {progress && <Progress said={progress} />}
      {logs.length > 0 && (
        <section className={styles['part']}>
          <h3>{text(CALL.log)}</h3>
          <ul className={styles['log']} tabIndex={0} aria-label={text(CALL.log)}>
            {logs.map(({ level, text: line }, index) => (
              <li key={index}>
                <Verbatim>{`${level}: ${line}`}</Verbatim>
              </li>
            ))}
          </ul>
        </section>
      )}
      {durationMs !== undefined && (
        <details className={styles['soft']}>
          <summary>{text(CALL.exchange, { era: trial.era, requests: exchanges.length, ms: durationMs })}</summary>
          <ul>
            {exchanges.map(({ method, status, durationMs: ms }, index) => (
              <li key={index}>{text(CALL.request, { method, status: status ?? text(CALL.unanswered), ms })}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function Progress({ said }: { said: Extract<Said, { kind: 'progress' }> }): ReactNode {
  const { text } = useFormats();
  const { progress, total, message } = said;
  const words = message ?? text(CALL.progressOf, { progress, total: total ?? '?' });
  return (
    <div>
      <progress className={styles['bar']} aria-label={text(CALL.progress)} value={progress} max={total ?? undefined} />
      <p className={styles['soft']}>{showHidden(words)}</p>
    </div>
  );
}
