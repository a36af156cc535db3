import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Call } from '../../api/activity.js';
import { keyPages } from '../../api/keys.js';
import styles from './activity.module.css';

const route = getRouteApi('/activity');
/** How calls name a key. */
const KEY = /^key:([0-9a-f]{16})$/;

/** Who called, and with which client. A key has its name, if it is among the first two hundred, and filters the calls. */
export function CallerName({ caller, client }: Pick<Call, 'caller' | 'client'>): ReactNode {
  const search = route.useSearch();
  const keys = useInfiniteQuery(keyPages({}));
  const id = KEY.exec(caller)?.[1];
  const name = keys.data?.find((key) => key.id === id)?.name ?? caller;
  return (
    <span className={styles['stacked']} title={caller}>
      {id === undefined ? (
        <span>{caller}</span>
      ) : (
        <Link to="/activity" search={{ ...search, key: id }}>
          {name}
        </Link>
      )}
      {client !== null && <span className={styles['soft']}>{client}</span>}
    </span>
  );
}
