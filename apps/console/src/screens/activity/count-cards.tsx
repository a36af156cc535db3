import { getRouteApi, Link } from '@tanstack/react-router';
import { Fragment, type ReactNode } from 'react';
import type { Activity } from '../../api/activity.js';
import { type Formats, useFormats } from '../../text/text.js';
import { Card } from '../../ui/page.js';
import styles from './activity.module.css';
import { CountTable } from './count-table.js';
import { ACTIVITY } from './texts.js';

const route = getRouteApi('/activity');
/** What the registry calls names that are not counted apart. */
const OTHER = '(other)';
const SLASH = '/';
const LIMITS = ['caller', 'tools', 'concurrent', 'gateway_concurrent', 'gateway_circuit'] as const;
const STREAMS = ['session', 'listen', 'resumed_call'] as const;

type SlugRows = Activity['servers'];

/** Calls by virtual server or gateway; a name filters the screen by it. */
export function SlugsCard({ title, by, rows }: { title: string; by: 'server' | 'gateway'; rows: SlugRows }): ReactNode {
  const { text } = useFormats();
  const search = route.useSearch();
  const name = (slug: string): ReactNode =>
    slug === OTHER ? (
      text(ACTIVITY.other)
    ) : (
      <Link to="/activity" search={{ ...search, [by]: slug }}>
        {slug}
      </Link>
    );
  return (
    <Card title={title}>
      <CountTable
        label={title}
        name={text(by === 'server' ? ACTIVITY.server : ACTIVITY.gateway)}
        rows={rows.map((row) => ({ key: row.slug, name: name(row.slug), ...row }))}
      />
    </Card>
  );
}

/** Calls by method. */
export function MethodsCard({ rows }: { rows: Activity['methods'] }): ReactNode {
  const { text } = useFormats();
  return (
    <Card title={text(ACTIVITY.methods)}>
      <CountTable
        label={text(ACTIVITY.methods)}
        name={text(ACTIVITY.method)}
        rows={rows.map((row) => ({ key: row.method, name: <MethodName name={row.method} />, ...row }))}
      />
    </Card>
  );
}

/** A long name is broken behind a slash and nowhere else. */
function MethodName({ name }: { name: string }): ReactNode {
  const [first = '', ...others] = name.split('/');
  return (
    <code>
      {first}
      {others.map((part) => (
        <Fragment key={part}>
          {SLASH}
          <wbr />
          {part}
        </Fragment>
      ))}
    </code>
  );
}

/** Limits that have refused calls. */
export function LimitedCard({ rows }: { rows: Activity['limited'] }): ReactNode {
  const { text, number } = useFormats();
  return (
    <Card title={text(ACTIVITY.limited)}>
      {rows.length === 0 && <p className={styles['soft']}>{text(ACTIVITY.noLimits)}</p>}
      <ul className={styles['outcomes']}>
        {rows.map(({ limit, server, gateway, calls }) => (
          <li key={`${limit} ${server} ${gateway}`} className={styles['outcome']}>
            <span className={styles['stacked']}>
              {named(LIMITS, limit, text)}
              <span className={styles['soft']}>
                {server} → {gateway}
              </span>
            </span>
            <span>{number(calls)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Streams that clients keep open now. */
export function StreamsCard({ rows }: { rows: Activity['streams'] }): ReactNode {
  const { text, number } = useFormats();
  const open = rows.filter((row) => row.open > 0);
  return (
    <Card title={text(ACTIVITY.streams)}>
      {open.length === 0 && <p className={styles['soft']}>{text(ACTIVITY.noStreams)}</p>}
      <ul className={styles['outcomes']}>
        {open.map((row) => (
          <li key={row.kind} className={styles['outcome']}>
            <span>{named(STREAMS, row.kind, text)}</span>
            <span>{number(row.open)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** A text for a code, or the code itself if a newer registry has one more. */
function named(known: readonly (keyof typeof ACTIVITY)[], code: string, text: Formats['text']): string {
  const name = known.find((each) => each === code);
  return name === undefined ? code : text(ACTIVITY[name]);
}
