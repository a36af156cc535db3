import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { type Activity, problemText } from '../../api/activity.js';
import { useFormats } from '../../text/text.js';
import { Badge } from '../../ui/badge.js';
import { Card } from '../../ui/page.js';
import { Failed, Loading } from '../../ui/states.js';
import styles from './activity.module.css';
import { ACTIVITY } from './texts.js';

const route = getRouteApi('/activity');

/** How a call may end without an error. */
const CALM = ['ok', 'client_gone'] as const;

/** Calls by how they ended, and what each error means. */
export function OutcomesCard({ outcomes }: { outcomes: Activity['outcomes'] }): ReactNode {
  const { text, number } = useFormats();
  const search = route.useSearch();
  return (
    <Card title={text(ACTIVITY.outcomes)}>
      <ul className={styles['outcomes']}>
        {outcomes.map(({ outcome, calls }) => (
          <li key={outcome} className={styles['outcome']}>
            <Link to="/activity" search={{ ...search, outcome }}>
              <OutcomeBadge outcome={outcome} />
            </Link>
            <span>{number(calls)}</span>
            <Meaning outcome={outcome} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** An outcome as its code, with a look that says whether it is an error. */
export function OutcomeBadge({ outcome }: { outcome: string }): ReactNode {
  const tone = outcome === 'ok' ? 'good' : outcome === 'client_gone' ? 'neutral' : 'bad';
  return <Badge tone={tone}>{outcome}</Badge>;
}

function Meaning({ outcome }: { outcome: string }): ReactNode {
  const { text } = useFormats();
  const [isOpen, setOpen] = useState(false);
  const calm = CALM.find((each) => each === outcome);
  if (calm !== undefined) return <p className={styles['soft']}>{text(ACTIVITY[calm])}</p>;
  return (
    <details className={styles['meaning']} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{text(ACTIVITY.meaning)}</summary>
      {isOpen && <ProblemText code={outcome} />}
    </details>
  );
}

function ProblemText({ code }: { code: string }): ReactNode {
  const { data, error } = useQuery(problemText(code));
  if (error) return <Failed error={error} />;
  return data === undefined ? <Loading /> : <p>{data.trim().replaceAll('`', '')}</p>;
}
