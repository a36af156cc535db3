import type { ReactNode } from 'react';
import { useFormats } from '../text/text.js';
import styles from './filter-bar.module.css';
import { UI } from './texts.js';

/** The search and the filters of a list. */
export function FilterBar({ children }: { children: ReactNode }): ReactNode {
  const { text } = useFormats();
  return (
    <search className={styles['bar']} aria-label={text(UI.filters)}>
      {children}
    </search>
  );
}
