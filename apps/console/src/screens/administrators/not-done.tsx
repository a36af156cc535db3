import type { ReactNode } from 'react';
import { isProblem } from '../../api/problem.js';
import { useFormats } from '../../text/text.js';
import { Notice } from '../../ui/notice.js';
import { Failed } from '../../ui/states.js';
import { ADMINS } from './texts.js';

/** Why something was not done to an administrator; that the last one stays is said with what to do first. */
export function NotDone({ error, title }: { error: unknown; title: string }): ReactNode {
  const { text } = useFormats();
  if (isProblem(error, 'last_administrator')) {
    return (
      <Notice tone="bad" title={title}>
        {text(ADMINS.last)}
      </Notice>
    );
  }
  return <Failed error={error} title={title} />;
}
