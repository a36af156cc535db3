import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReactNode, useDeferredValue } from 'react';
import { type Gateway, type GatewayFilters, gatewayPages } from '../../api/gateways.js';
import { GatewayState } from '../../parts/gateway-state.js';
import { useMay } from '../../session/session.js';
import { type Formats, useFormats } from '../../text/text.js';
import { Badge } from '../../ui/badge.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { SelectField, TextField } from '../../ui/field.js';
import { FilterBar } from '../../ui/filter-bar.js';
import { Page } from '../../ui/page.js';
import { Empty, Shown } from '../../ui/states.js';
import { type Column, Table } from '../../ui/table.js';
import { GATEWAYS } from './texts.js';

const route = getRouteApi('/gateways');
const STATES = ['verified', 'unverified'] as const;
const DRIFTS = ['pending', 'suspected', 'rejected'] as const;

/** All gateways, with a search and filters that stand in the address. */
export function GatewaysScreen(): ReactNode {
  const { text } = useFormats();
  const mayRegister = useMay('editor');
  const search = useDeferredValue(route.useSearch());
  const filters: GatewayFilters = {
    sort: 'name',
    ...(search.q !== undefined && { q: search.q }),
    ...(search.tag !== undefined && { tag: search.tag }),
    state: STATES.find((state) => state === search.state),
    drift: DRIFTS.find((drift) => drift === search.drift),
  };
  const gateways = useInfiniteQuery(gatewayPages(filters));
  const isFiltered = Object.keys(search).length > 0;
  return (
    <Page
      title={text(GATEWAYS.title)}
      lead={text(GATEWAYS.lead)}
      actions={
        mayRegister && (
          <ButtonLink to="/gateways/register" look="primary">
            {text(GATEWAYS.register)}
          </ButtonLink>
        )
      }
    >
      <Filters />
      <Shown query={gateways}>
        {(rows) =>
          rows.length === 0 ? (
            <NoGateways isFiltered={isFiltered} />
          ) : (
            <Table
              label={text(GATEWAYS.list)}
              columns={columnsOf(text)}
              rows={rows}
              keyOf={({ id }) => id}
              hasMore={gateways.hasNextPage}
              onMore={() => void gateways.fetchNextPage({ cancelRefetch: false })}
            />
          )
        }
      </Shown>
    </Page>
  );
}

function Filters(): ReactNode {
  const { text } = useFormats();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (next: Partial<typeof search>): void =>
    void navigate({ search: { ...search, ...next }, replace: true });
  const any = { value: '', label: text(GATEWAYS.any) } as const;
  return (
    <FilterBar>
      <TextField label={text(GATEWAYS.search)} type="search" value={search.q ?? ''} onValue={(q) => change({ q })} />
      <SelectField
        label={text(GATEWAYS.state)}
        value={STATES.find((state) => state === search.state) ?? ''}
        choices={[any, ...STATES.map((value) => ({ value, label: text(GATEWAYS[value]) }))]}
        onValue={(state) => change({ state })}
      />
      <SelectField
        label={text(GATEWAYS.drift)}
        value={DRIFTS.find((drift) => drift === search.drift) ?? ''}
        choices={[any, ...DRIFTS.map((value) => ({ value, label: text(GATEWAYS[value]) }))]}
        onValue={(drift) => change({ drift })}
      />
    </FilterBar>
  );
}

function NoGateways({ isFiltered }: { isFiltered: boolean }): ReactNode {
  const { text } = useFormats();
  const navigate = route.useNavigate();
  const mayRegister = useMay('editor');
  if (isFiltered) {
    const clear = <Button onClick={() => void navigate({ search: {} })}>{text(GATEWAYS.clear)}</Button>;
    return (
      <Empty title={text(GATEWAYS.noneTitle)} action={clear}>
        {text(GATEWAYS.none)}
      </Empty>
    );
  }
  const register = (
    <ButtonLink to="/gateways/register" look="primary">
      {text(GATEWAYS.register)}
    </ButtonLink>
  );
  return (
    <Empty title={text(GATEWAYS.emptyTitle)} action={mayRegister && register}>
      {text(GATEWAYS.empty)}
    </Empty>
  );
}

const ALIVE = { answers: 'good', fails: 'bad', unknown: 'neutral' } as const;

function columnsOf(text: Formats['text']): Column<Gateway>[] {
  return [
    {
      name: 'name',
      title: text(GATEWAYS.name),
      width: '3fr',
      cell: ({ name, slug }) => (
        <Link to="/gateways/$ref" params={{ ref: slug }} title={slug}>
          {name}
        </Link>
      ),
    },
    { name: 'state', title: text(GATEWAYS.state), width: '3fr', cell: (gateway) => <GatewayState gateway={gateway} /> },
    { name: 'url', title: text(GATEWAYS.url), width: '4fr', cell: ({ url }) => <span title={url}>{url}</span> },
    {
      name: 'tools',
      title: text(GATEWAYS.tools),
      width: '5rem',
      isNumber: true,
      cell: ({ counts }) => counts?.tools ?? '–',
    },
    {
      name: 'alive',
      title: text(GATEWAYS.alive),
      width: '8rem',
      cell: ({ liveness }) => <Badge tone={ALIVE[liveness.state]}>{text(GATEWAYS[liveness.state])}</Badge>,
    },
  ];
}
