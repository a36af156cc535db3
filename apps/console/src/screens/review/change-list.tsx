import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Change } from '../../api/reviews.js';
import { ShownText } from '../../parts/shown-text.js';
import { type Formats, useFormats } from '../../text/text.js';
import { type Column, Table } from '../../ui/table.js';
import { ChangeBadges } from './change-badges.js';
import { changeKey, isOpen } from './review-changes.js';
import styles from './review.module.css';
import { REVIEW } from './texts.js';
import type { Deciding } from './use-review.js';

interface ChangeListProps {
  changes: readonly Change[];
  /** Key of the change that is shown beside the list. */
  current: string;
  /** Undefined for who may not decide. */
  deciding: Deciding | undefined;
  /** Somebody has gone to a change. */
  onOpen: (key: string) => void;
}

/** The changes of a result, with boxes to choose those that can be decided. */
export function ChangeList({ changes, current, deciding, onOpen }: ChangeListProps): ReactNode {
  const { text } = useFormats();
  const columns: Column<Change>[] = [
    {
      name: 'name',
      title: text(REVIEW.name),
      width: '1fr',
      cell: (change) => <ChangeName change={change} isCurrent={changeKey(change) === current} onOpen={onOpen} />,
    },
  ];
  if (deciding) columns.unshift(pickColumn(text, deciding));
  const waiting = changes.filter(({ status }) => status === 'pending').map(changeKey);
  return (
    <>
      {deciding && waiting.length > 0 && (
        <label className={styles['pickAll']}>
          <input
            type="checkbox"
            className={styles['pick']}
            checked={waiting.every((key) => deciding.chosen.has(key))}
            onChange={(event) => deciding.choose(waiting, event.target.checked)}
          />
          {text(REVIEW.pickAll, { count: waiting.length })}
        </label>
      )}
      <Table label={text(REVIEW.list)} columns={columns} rows={changes} keyOf={changeKey} rowHeight={92} />
    </>
  );
}

function pickColumn(text: Formats['text'], { chosen, choose }: Deciding): Column<Change> {
  return {
    name: 'pick',
    title: text(REVIEW.pick),
    width: '4rem',
    cell: (change) =>
      isOpen(change) && (
        <input
          type="checkbox"
          className={styles['pick']}
          aria-label={text(REVIEW.pickOne, { name: change.name })}
          checked={chosen.has(changeKey(change))}
          onChange={(event) => choose([changeKey(change)], event.target.checked)}
        />
      ),
  };
}

interface ChangeNameProps {
  change: Change;
  isCurrent: boolean;
  onOpen: (key: string) => void;
}

function ChangeName({ change, isCurrent, onOpen }: ChangeNameProps): ReactNode {
  const { text } = useFormats();
  const key = changeKey(change);
  return (
    <div className={styles['name']}>
      <Link
        from="/gateways/$ref/review/$vid"
        to="."
        search={(before) => ({ ...before, item: key })}
        replace
        resetScroll={false}
        aria-current={isCurrent ? 'true' : undefined}
        onClick={() => onOpen(key)}
      >
        <ShownText content={change.kind === 'server' ? text(REVIEW.serverName) : change.name} />
      </Link>
      <span className={styles['kind']}>{text(REVIEW[change.kind])}</span>
      <ChangeBadges change={change} />
    </div>
  );
}
