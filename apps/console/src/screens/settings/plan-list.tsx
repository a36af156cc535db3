import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Plan, PlannedObject } from '../../api/transfer.js';
import { useFormats } from '../../text/text.js';
import { Badge } from '../../ui/badge.js';
import { Code } from '../../ui/code.js';
import { Notice } from '../../ui/notice.js';
import { Row } from '../../ui/page.js';
import styles from './settings.module.css';
import { TRANSFER } from './texts.js';

const TONES = { create: 'good', change: 'warn', delete: 'bad', unchanged: 'neutral' } as const;

/** What an import does, object by object; what stays as it is only counts. */
export function PlanList({ plan: { applied, counts, objects } }: { plan: Plan }): ReactNode {
  const { text } = useFormats();
  const shown = objects.filter(
    ({ action, problem, keep, verify }) => action !== 'unchanged' || problem || keep || verify,
  );
  return (
    <section className={styles['form']} aria-live="polite">
      <h3>{text(applied ? TRANSFER.doneTitle : TRANSFER.planTitle)}</h3>
      <p>{shown.length === 0 ? text(TRANSFER.nothing) : text(TRANSFER.counts, { ...counts })}</p>
      {counts.problems > 0 && <Notice tone="bad">{text(TRANSFER.problems, { count: counts.problems })}</Notice>}
      <ul className={styles['rows']}>
        {shown.map((object) => (
          <li key={`${object.kind} ${object.slug}`} className={styles['form']}>
            <Planned object={object} isApplied={applied} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Planned({ object, isApplied }: { object: PlannedObject; isApplied: boolean }): ReactNode {
  const { text } = useFormats();
  const { kind, slug, action, changes = [], problem, verify, keep, catalogue } = object;
  return (
    <>
      <Row>
        <Badge tone={TONES[action]}>{text(TRANSFER[action])}</Badge>
        <span>{text(TRANSFER[kind])}</span>
        <Name object={object} isLink={action === 'change' || (isApplied && action === 'create')} />
      </Row>
      {problem && <Notice tone="bad">{problem.title}</Notice>}
      {changes.length > 0 && (
        <details>
          <summary>{text(TRANSFER.fields, { count: changes.length })}</summary>
          <ul>
            {changes.map(({ field, before, after }) => (
              <li key={field} className={styles['value']}>
                {text(TRANSFER.field, {
                  field,
                  before: valueText(before) ?? text(TRANSFER.nothingThere),
                  after: valueText(after) ?? text(TRANSFER.nothingThere),
                })}
              </li>
            ))}
          </ul>
        </details>
      )}
      {catalogue !== undefined && <p>{text(TRANSFER.catalogueRefused, { reason: catalogue })}</p>}
      {verify !== undefined && (
        <>
          <p>{text(TRANSFER.verify)}</p>
          <Code content={verify} label={text(TRANSFER.command, { slug })} />
        </>
      )}
      {keep !== undefined && (
        <>
          <p>{text(TRANSFER.keep)}</p>
          <Code content={keep} label={text(TRANSFER.command, { slug })} />
        </>
      )}
    </>
  );
}

function Name({ object: { kind, slug }, isLink }: { object: PlannedObject; isLink: boolean }): ReactNode {
  if (!isLink) return <strong>{slug}</strong>;
  return (
    <Link to={kind === 'gateway' ? '/gateways/$ref' : '/servers/$ref'} params={{ ref: slug }}>
      {slug}
    </Link>
  );
}

function valueText(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
