import type { ReactNode } from 'react';
import styles from './badge.module.css';

/** What a state means. The shape of the mark differs too, not the colour alone. */
export type Tone = 'good' | 'warn' | 'bad' | 'neutral' | 'plain';

/** A state or tag in one or two words. */
export function Badge({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }): ReactNode {
  const look = tone === 'neutral' ? '' : (styles[tone] ?? '');
  return <span className={`${styles['badge'] ?? ''} ${look}`}>{children}</span>;
}
