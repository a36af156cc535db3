import { showHidden } from '@lethe/mcp';
import type { ReactNode } from 'react';
import styles from './verbatim.module.css';

/**
 * A text that somebody outside wrote: as text only, never HTML and never a link, and with characters that people would not
 * see written as `\u{202e}`. It is isolated, so that its direction does not change what stands beside it.
 */
export function Verbatim({ children, isLong = false }: { children: string; isLong?: boolean }): ReactNode {
  return <bdi className={isLong ? styles['long'] : styles['short']}>{showHidden(children)}</bdi>;
}
