import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Problem, Unreachable } from '../api/problem.js';
import { useFormats } from '../text/text.js';
import { Button } from './button.js';
import { Notice } from './notice.js';
import styles from './states.module.css';
import { UI } from './texts.js';

/** What there is to see while nothing is known yet. */
export function Loading(): ReactNode {
  const { text } = useFormats();
  return (
    <p className={styles['loading']} role="status">
      {text(UI.loading)}
    </p>
  );
}

/** That there is nothing, why that is so, and what to do first. */
export function Empty({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}): ReactNode {
  return (
    <div className={styles['empty']}>
      <h2>{title}</h2>
      {children !== undefined && <p>{children}</p>}
      {action}
    </div>
  );
}

/** What went wrong, in the words of the registry, and a way to try again. */
export function Failed({ error, title, onAgain }: { error: unknown; title?: string; onAgain?: () => void }): ReactNode {
  const { text } = useFormats();
  const again = onAgain && <Button onClick={onAgain}>{text(UI.again)}</Button>;
  return (
    <Notice tone="bad" title={title ?? text(UI.failed)} actions={again}>
      <p>{useErrorText()(error)}</p>
      {error instanceof Problem && error.fields.length > 0 && (
        <ul>
          {error.fields.map(({ field, rule }) => (
            <li key={`${field} ${rule}`}>
              <code>{field}</code>: {rule}
            </li>
          ))}
        </ul>
      )}
      {error instanceof Problem && error.status >= 500 && error.requestId !== undefined && (
        <p>{text(UI.requestId, { id: error.requestId })}</p>
      )}
    </Notice>
  );
}

/** Says an error in a sentence. */
export function useErrorText(): (error: unknown) => string {
  const { text } = useFormats();
  return (error) => {
    if (error instanceof Unreachable) return text(UI.unreachable);
    if (error instanceof Problem && error.code === 'role_required') return text(UI.roleRequired);
    return error instanceof Error ? error.message : text(UI.failed);
  };
}

interface ShownProps<T> {
  query: Pick<UseQueryResult<T>, 'data' | 'error' | 'refetch'>;
  children: (value: T) => ReactNode;
}

/** What a query has read; before that it loads or has failed. What was read once stays in sight while the registry is away. */
export function Shown<T>({ query, children }: ShownProps<T>): ReactNode {
  const again = (): void => void query.refetch();
  if (query.data === undefined) return query.error ? <Failed error={query.error} onAgain={again} /> : <Loading />;
  return (
    <>
      {query.error && <Failed error={query.error} onAgain={again} />}
      {children(query.data)}
    </>
  );
}
