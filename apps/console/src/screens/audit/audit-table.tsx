import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { AuditEntry } from '../../api/audit.js';
import { type Formats, useFormats } from '../../text/text.js';
import { Badge } from '../../ui/badge.js';
import { Moment } from '../../ui/moment.js';
import { useNarrow } from '../../ui/narrow.js';
import { type Column, Table } from '../../ui/table.js';
import styles from './audit.module.css';
import { operationText } from './operations.js';
import { AUDIT, KIND } from './texts.js';

const route = getRouteApi('/audit');

interface AuditTableProps {
  rows: readonly AuditEntry[];
  hasMore: boolean;
  onMore: () => void;
}

/** The entries, newest first. */
export function AuditTable(props: AuditTableProps): ReactNode {
  const { text } = useFormats();
  const isNarrow = useNarrow();
  const columns = isNarrow ? narrowColumns(text) : wideColumns(text);
  return <Table {...props} label={text(AUDIT.list)} columns={columns} keyOf={({ seq }) => String(seq)} />;
}

function wideColumns(text: Formats['text']): Column<AuditEntry>[] {
  return [
    { name: 'when', title: text(AUDIT.when), width: '9rem', cell: ({ at }) => <Moment at={at} /> },
    { name: 'what', title: text(AUDIT.what), width: '3fr', cell: (entry) => <EntryLink entry={entry} /> },
    { name: 'target', title: text(AUDIT.target), width: '3fr', cell: (entry) => <Target entry={entry} /> },
    { name: 'who', title: text(AUDIT.who), width: '2fr', cell: ({ actor }) => actor.name },
    { name: 'outcome', title: text(AUDIT.outcome), width: '9rem', cell: (entry) => <Outcome entry={entry} /> },
  ];
}

function narrowColumns(text: Formats['text']): Column<AuditEntry>[] {
  const what = (entry: AuditEntry): ReactNode => (
    <>
      <EntryLink entry={entry} />
      <div className={styles['soft']}>
        <Target entry={entry} />
      </div>
    </>
  );
  const when = (entry: AuditEntry): ReactNode => (
    <>
      {entry.actor.name}
      <div className={styles['soft']}>
        <Moment at={entry.at} />
      </div>
    </>
  );
  return [
    { name: 'what', title: text(AUDIT.what), width: '3fr', cell: what },
    { name: 'who', title: text(AUDIT.who), width: '2fr', cell: when },
  ];
}

/** What was done, as a link that opens the entry. */
function EntryLink({ entry: { seq, operation } }: { entry: AuditEntry }): ReactNode {
  const search = route.useSearch();
  return (
    <Link to="/audit" search={{ ...search, entry: String(seq) }} replace title={operation}>
      <OperationName operation={operation} />
    </Link>
  );
}

/** What an operation did, in words where there are some. */
export function OperationName({ operation }: { operation: string }): ReactNode {
  const { text } = useFormats();
  const named = operationText(operation);
  return named ? text(named) : operation;
}

/** The kind and the name of what it was done to. */
function Target({ entry }: { entry: AuditEntry }): ReactNode {
  const { text } = useFormats();
  if (!entry.target) return '–';
  const { kind } = entry.target;
  return (
    <>
      {`${text(KIND[kind])} `}
      <span className={styles['name']}>{targetName(entry)}</span>
    </>
  );
}

/** The slug of a target; of one without, the name that it has or had, or else its id. */
export function targetName({ target, before, after }: Pick<AuditEntry, 'target' | 'before' | 'after'>): string {
  const named: unknown = after?.['name'] ?? before?.['name'];
  return target?.slug ?? (typeof named === 'string' ? named : (target?.id ?? ''));
}

/** Whether it was done. */
export function Outcome({ entry: { outcome } }: { entry: AuditEntry }): ReactNode {
  const { text } = useFormats();
  if (outcome === 'done') return <span className={styles['soft']}>{text(AUDIT.done)}</span>;
  return <Badge tone="warn">{text(AUDIT[outcome])}</Badge>;
}
