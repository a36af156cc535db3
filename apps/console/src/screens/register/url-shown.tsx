import type { ReactNode } from 'react';
import { useFormats } from '../../text/text.js';
import { CREDENTIAL } from './credential-texts.js';
import styles from './register.module.css';

/** The one URL that a credential goes to, for people to compare. */
export function UrlShown({ url, isForCredential = false }: { url: string; isForCredential?: boolean }): ReactNode {
  const { text } = useFormats();
  return (
    <div className={styles['stack']}>
      {isForCredential && <p>{text(CREDENTIAL.goesTo)}</p>}
      <p className={styles['url']}>{url}</p>
      {isForCredential && <p className={styles['soft']}>{text(CREDENTIAL.nowhereElse)}</p>}
    </div>
  );
}
