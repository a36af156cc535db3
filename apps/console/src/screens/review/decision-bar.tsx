import type { ReactNode } from 'react';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { Row } from '../../ui/page.js';
import styles from './review.module.css';
import { REVIEW } from './texts.js';
import type { Deciding } from './use-review.js';

interface DecisionBarProps {
  deciding: Deciding;
  /** Whether all changes are read: before that, nothing is decided about all of them. */
  isWhole: boolean;
}

/** Applies or rejects the chosen changes, or all that wait. */
export function DecisionBar({ deciding, isWhole }: DecisionBarProps): ReactNode {
  const { text } = useFormats();
  const { about, run, isRunning } = deciding;
  const isOff = isRunning !== undefined || (about.isAll && !isWhole);
  return (
    <section className={styles['bar']} aria-label={text(REVIEW.decisions)}>
      <div>
        <strong aria-live="polite">{text(REVIEW.chosen, { count: about.isAll ? 0 : about.apply.length })}</strong>
        <p className={styles['soft']}>{text(REVIEW.consequences)}</p>
      </div>
      <Row>
        <Button
          disabled={isOff || about.reject.length === 0}
          isBusy={isRunning === 'reject'}
          onClick={() => run('reject')}
        >
          {text(about.isAll ? REVIEW.rejectAll : REVIEW.reject, { count: about.reject.length })}
        </Button>
        <Button
          look="primary"
          disabled={isOff || about.apply.length === 0}
          isBusy={isRunning === 'apply'}
          onClick={() => run('apply')}
        >
          {text(about.isAll ? REVIEW.applyAll : REVIEW.apply, { count: about.apply.length })}
        </Button>
      </Row>
    </section>
  );
}
