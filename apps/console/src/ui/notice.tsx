import type { ReactNode } from 'react';
import type { Tone } from './badge.js';
import styles from './notice.module.css';

interface NoticeProps {
  tone?: Exclude<Tone, 'plain'>;
  title?: string;
  children?: ReactNode;
  /** Buttons. */
  actions?: ReactNode;
}

/** Something to know, with what to do about it. A `bad` one is told at once by screen readers, others when they are idle. */
export function Notice({ tone = 'neutral', title, children, actions }: NoticeProps): ReactNode {
  return (
    <div className={`${styles['notice'] ?? ''} ${styles[tone] ?? ''}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <div>
        {title !== undefined && <p className={styles['title']}>{title}</p>}
        {children}
      </div>
      {actions !== undefined && <div>{actions}</div>}
    </div>
  );
}
