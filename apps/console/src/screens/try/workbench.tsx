import { showHidden } from '@lethe/mcp';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { Verbatim } from '../../parts/verbatim.js';
import { useFormats } from '../../text/text.js';
import { TextField } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';
import { Card } from '../../ui/page.js';
import { Empty } from '../../ui/states.js';
import { Table } from '../../ui/table.js';
import { CallPanel } from './call-panel.js';
import type { OfferedItem, Trial } from './client/trial.js';
import { TRY } from './texts.js';
import styles from './try.module.css';
import type { TrialState } from './use-trial.js';

const route = getRouteApi('/try');

interface WorkbenchProps {
  trial: Trial;
  state: TrialState;
}

/** What the virtual server offers, and a call of one of it. */
export function Workbench({ trial, state }: WorkbenchProps): ReactNode {
  const { text } = useFormats();
  const { kind, item } = route.useSearch();
  const chosen = trial.items.find((each) => each.name === item && (kind === undefined || each.kind === kind));
  return (
    <div className={styles['bench']}>
      <Offered items={trial.items} />
      {chosen ? (
        <CallPanel key={`${chosen.kind} ${chosen.name}`} {...{ trial, state }} item={chosen} />
      ) : (
        <div className={styles['panel']}>
          {item !== undefined && (
            <Notice tone="warn">
              <Verbatim>{text(TRY.missing, { name: showHidden(item) })}</Verbatim>
            </Notice>
          )}
          <Empty title={text(TRY.whatNext)}>{text(trial.items.length > 0 ? TRY.whatNextHelp : TRY.nothing)}</Empty>
        </div>
      )}
    </div>
  );
}

function Offered({ items }: { items: readonly OfferedItem[] }): ReactNode {
  const { text } = useFormats();
  const [filter, setFilter] = useState('');
  const wanted = useDeferredValue(filter).toLowerCase();
  const shown =
    wanted === '' ? items : items.filter(({ name, title }) => `${name} ${title ?? ''}`.toLowerCase().includes(wanted));
  return (
    <Card title={text(TRY.offered)}>
      <TextField label={text(TRY.filter)} type="search" value={filter} onValue={setFilter} />
      <Table
        label={text(TRY.offered)}
        rows={shown}
        keyOf={({ kind, name }) => `${kind} ${name}`}
        columns={[
          {
            name: 'item',
            title: text(TRY.offered),
            width: '1fr',
            cell: (item) => (
              <Link
                to="/try"
                search={(before) => ({ ...before, kind: item.kind, item: item.name })}
                replace
                resetScroll={false}
                className={styles['choice']}
                activeOptions={{ includeSearch: true }}
              >
                <Verbatim>{item.name}</Verbatim>
              </Link>
            ),
          },
          { name: 'kind', title: text(TRY.kind), width: '5rem', cell: ({ kind }) => text(TRY[kind]) },
        ]}
      />
    </Card>
  );
}
