import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Overview } from '../../api/activity.js';
import { useFormats } from '../../text/text.js';
import { Moment } from '../../ui/moment.js';
import { Card } from '../../ui/page.js';
import styles from './home.module.css';
import { HOME } from './texts.js';

/** Keys of callers that end soon. */
export function EndingKeys({ keys }: { keys: Overview['keys'] }): ReactNode {
  const { text } = useFormats();
  return (
    <Card title={text(HOME.keysEnding)}>
      <ul className={styles['list']}>
        {keys.ending.map(({ id, name, endsAt }) => (
          <li key={id} className={styles['item']}>
            <Link to="/keys">{name}</Link>
            <Moment at={endsAt} />
          </li>
        ))}
      </ul>
      <Others count={keys.endingCount - keys.ending.length} />
    </Card>
  );
}

/** Kept credentials that end soon. */
export function EndingKept({ kept }: { kept: Overview['kept'] }): ReactNode {
  const { text } = useFormats();
  return (
    <Card title={text(HOME.keptEnding)}>
      <ul className={styles['list']}>
        {kept.ending.map(({ gateway, endsAt }) => (
          <li key={gateway} className={styles['item']}>
            <Link to="/gateways/$ref" params={{ ref: gateway }}>
              {gateway}
            </Link>
            <Moment at={endsAt} />
          </li>
        ))}
      </ul>
      <Others count={kept.endingCount - kept.ending.length} />
    </Card>
  );
}

function Others({ count }: { count: number }): ReactNode {
  const { text } = useFormats();
  return count > 0 ? <p className={styles['soft']}>{text(HOME.others, { count })}</p> : null;
}
