import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { type Call, type CallFilters, callPages, newestCalls } from '../../api/activity.js';
import { type Formats, useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { SelectField, TextField } from '../../ui/field.js';
import { FilterBar } from '../../ui/filter-bar.js';
import { Moment } from '../../ui/moment.js';
import { Card } from '../../ui/page.js';
import { Shown } from '../../ui/states.js';
import { type Column, Table } from '../../ui/table.js';
import styles from './activity.module.css';
import { CallerName } from './caller-name.js';
import { OutcomeBadge } from './outcomes-card.js';
import { ACTIVITY } from './texts.js';

const route = getRouteApi('/activity');
/** What stands in the address. */
type Search = Partial<Record<'window' | 'server' | 'gateway' | 'key' | 'outcome' | 'failed', string>>;
const ROW_HEIGHT = 60;
/** As many as are read at a time. */
const MANY = 100;

/** Rows of the last calls. They stand still while somebody reads them: a button shows the newer ones. */
export function LastCalls({ search }: { search: Search }): ReactNode {
  const { text } = useFormats();
  const filters = filtersOf(search);
  const calls = useInfiniteQuery(callPages(filters));
  const newest = useQuery(newestCalls(filters));
  const first = calls.data?.[0]?.id;
  const newer = (newest.data ?? []).filter(({ id }) => first !== undefined && id > first).length;
  const isFirstCall = calls.data?.length === 0 && (newest.data?.length ?? 0) > 0;
  const { refetch } = calls;
  useEffect(() => {
    if (isFirstCall) void refetch();
  }, [isFirstCall, refetch]);
  return (
    <Card title={text(ACTIVITY.rows)} actions={<Newer count={newer} onShow={() => void refetch()} />}>
      <p className={styles['soft']}>{text(ACTIVITY.rowsLead)}</p>
      <CallFiltersBar search={search} />
      <Shown query={calls}>
        {(rows) =>
          rows.length === 0 ? (
            <p className={styles['soft']}>{text(ACTIVITY.none)}</p>
          ) : (
            <div className={styles['rows']}>
              <div className={styles['wide']}>
                <Table
                  label={text(ACTIVITY.rows)}
                  columns={columnsOf(text)}
                  rows={rows}
                  keyOf={({ id }) => String(id)}
                  rowHeight={ROW_HEIGHT}
                  hasMore={calls.hasNextPage}
                  onMore={() => void calls.fetchNextPage({ cancelRefetch: false })}
                />
              </div>
            </div>
          )
        }
      </Shown>
    </Card>
  );
}

function Newer({ count, onShow }: { count: number; onShow: () => void }): ReactNode {
  const { text } = useFormats();
  return (
    <div role="status">
      {count > 0 && (
        <Button isSmall onClick={onShow}>
          {text(count < MANY ? ACTIVITY.newer : ACTIVITY.newerMany, { count })}
        </Button>
      )}
    </div>
  );
}

function CallFiltersBar({ search }: { search: Search }): ReactNode {
  const { text } = useFormats();
  const navigate = route.useNavigate();
  const change = (next: Partial<Search>): void => void navigate({ search: { ...search, ...next }, replace: true });
  const ended = search.failed === 'true' || search.failed === 'false' ? search.failed : '';
  return (
    <FilterBar>
      <TextField
        label={text(ACTIVITY.outcome)}
        type="search"
        value={search.outcome ?? ''}
        onValue={(outcome) => change({ outcome })}
      />
      <SelectField
        label={text(ACTIVITY.ended)}
        value={ended}
        choices={[
          { value: '', label: text(ACTIVITY.any) },
          { value: 'true', label: text(ACTIVITY.onlyFailed) },
          { value: 'false', label: text(ACTIVITY.onlyOk) },
        ]}
        onValue={(failed) => change({ failed })}
      />
      <TextField label={text(ACTIVITY.key)} type="search" value={search.key ?? ''} onValue={(key) => change({ key })} />
    </FilterBar>
  );
}

/** A key's id is asked for once it is whole: the registry refuses a part of one. */
function filtersOf({ server, gateway, key, outcome, failed }: Search): CallFilters {
  return {
    ...(server !== undefined && { server }),
    ...(gateway !== undefined && { gateway }),
    ...(key !== undefined && /^[0-9a-f]{16}$/.test(key) && { key }),
    ...(outcome !== undefined && { outcome }),
    ...((failed === 'true' || failed === 'false') && { failed }),
  };
}

function columnsOf(text: Formats['text']): Column<Call>[] {
  return [
    { name: 'at', title: text(ACTIVITY.at), width: '8rem', cell: ({ at }) => <Moment at={at} /> },
    {
      name: 'what',
      title: text(ACTIVITY.what),
      width: '3fr',
      cell: ({ server, gateway, method, item }) => (
        <span className={styles['stacked']} title={`${server} ${gateway ?? ''} ${item ?? ''}`}>
          <span>{item === null ? <code>{method}</code> : <strong>{item}</strong>}</span>
          <span className={styles['soft']}>{gateway === null ? server : `${server} → ${gateway}`}</span>
        </span>
      ),
    },
    {
      name: 'who',
      title: text(ACTIVITY.who),
      width: '3fr',
      cell: ({ caller, client }) => <CallerName caller={caller} client={client} />,
    },
    { name: 'outcome', title: text(ACTIVITY.outcome), width: '3fr', cell: (call) => <OutcomeBadge {...call} /> },
    {
      name: 'took',
      title: text(ACTIVITY.took),
      width: '6rem',
      isNumber: true,
      cell: ({ durationMs }) => text(ACTIVITY.ms, { ms: durationMs }),
    },
  ];
}
