import { showHidden } from '@lethe/mcp';
import type { ReactNode } from 'react';
import { texts, useFormats } from '../text/text.js';
import styles from './shown-text.module.css';

const SHOWN = texts('shownText', { hidden: 'A character that people do not see' });
/** A character as `showHidden` writes it. What an upstream has written like that itself is marked too, which does no harm. */
const ESCAPE = /(\\u\{[0-9a-f]{1,6}\})/;

/** A text of an upstream: never markup or a link, and what it hides from people is written out and marked. */
export function ShownText({ content }: { content: string }): ReactNode {
  const { text } = useFormats();
  return showHidden(content)
    .split(ESCAPE)
    .map((part, index) =>
      index % 2 === 0 ? (
        part
      ) : (
        // The parts of one text have no other identity than their order.
        <mark key={index} className={styles['hidden']} title={text(SHOWN.hidden)}>
          {part}
        </mark>
      ),
    );
}
