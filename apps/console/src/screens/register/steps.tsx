import type { ReactNode } from 'react';
import { useFormats } from '../../text/text.js';
import styles from './register.module.css';
import { REGISTER } from './texts.js';

/** The steps of a registration. */
export const STEPS = ['stepAddress', 'stepDetails', 'stepCredential', 'stepResult'] as const;
/** One of `STEPS`. */
export type Step = (typeof STEPS)[number];

/** Where somebody is in the registration of a gateway. */
export function Steps({ at }: { at: Step }): ReactNode {
  const { text } = useFormats();
  const now = STEPS.indexOf(at);
  return (
    <ol className={styles['steps']} aria-label={text(REGISTER.steps)}>
      {STEPS.map((step, index) => (
        <li key={step} aria-current={step === at ? 'step' : undefined} data-done={index < now}>
          {text(REGISTER[step])}
        </li>
      ))}
    </ol>
  );
}
