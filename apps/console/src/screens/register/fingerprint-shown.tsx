import type { ReactNode } from 'react';
import { shortFingerprint } from '../../sealing/known-fingerprints.js';
import { useFormats } from '../../text/text.js';
import { CREDENTIAL } from './credential-texts.js';
import styles from './register.module.css';

/** A fingerprint in short, and whole when it is unfolded. */
export function FingerprintShown({ fingerprint }: { fingerprint: string }): ReactNode {
  const { text } = useFormats();
  return (
    <div>
      <p>
        {text(CREDENTIAL.key)} <span className={styles['word']}>{shortFingerprint(fingerprint)}</span>
      </p>
      <details>
        <summary className={styles['soft']}>{text(CREDENTIAL.keyLong)}</summary>
        <span className={styles['word']}>{fingerprint}</span>
      </details>
    </div>
  );
}
