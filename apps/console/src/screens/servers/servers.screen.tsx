import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useDeferredValue } from 'react';
import { type ServerFilters, serverPages } from '../../api/servers.js';
import { GatewayField } from '../../parts/gateway-field.js';
import { useMay } from '../../session/session.js';
import { useFormats } from '../../text/text.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { TextField } from '../../ui/field.js';
import { FilterBar } from '../../ui/filter-bar.js';
import { Page } from '../../ui/page.js';
import { Empty, Shown } from '../../ui/states.js';
import { Table } from '../../ui/table.js';
import { columnsOf } from './columns.js';
import { SERVERS } from './texts.js';

const route = getRouteApi('/servers');

/** All virtual servers, with a search and filters that stand in the address. */
export function ServersScreen(): ReactNode {
  const formats = useFormats();
  const { text } = formats;
  const mayCreate = useMay('editor');
  const search = useDeferredValue(route.useSearch());
  const filters: ServerFilters = {
    sort: 'name',
    ...(search.q !== undefined && { q: search.q }),
    ...(search.tag !== undefined && { tag: search.tag }),
    ...(search.gateway !== undefined && { gateway: search.gateway }),
  };
  const servers = useInfiniteQuery(serverPages(filters));
  return (
    <Page
      title={text(SERVERS.title)}
      lead={text(SERVERS.lead)}
      actions={
        mayCreate && (
          <ButtonLink to="/servers/new" look="primary">
            {text(SERVERS.create)}
          </ButtonLink>
        )
      }
    >
      <Filters />
      <Shown query={servers}>
        {(rows) =>
          rows.length === 0 ? (
            <NoServers isFiltered={Object.keys(search).length > 0} />
          ) : (
            <Table
              label={text(SERVERS.list)}
              columns={columnsOf(formats)}
              rows={rows}
              keyOf={({ id }) => id}
              hasMore={servers.hasNextPage}
              onMore={() => void servers.fetchNextPage({ cancelRefetch: false })}
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
  return (
    <FilterBar>
      <TextField label={text(SERVERS.search)} type="search" value={search.q ?? ''} onValue={(q) => change({ q })} />
      <GatewayField
        label={text(SERVERS.gateway)}
        value={search.gateway ?? ''}
        onValue={(gateway) => change({ gateway })}
      />
      <TextField label={text(SERVERS.tag)} value={search.tag ?? ''} onValue={(tag) => change({ tag })} />
    </FilterBar>
  );
}

function NoServers({ isFiltered }: { isFiltered: boolean }): ReactNode {
  const { text } = useFormats();
  const navigate = route.useNavigate();
  const mayCreate = useMay('editor');
  if (isFiltered) {
    const clear = <Button onClick={() => void navigate({ search: {} })}>{text(SERVERS.clear)}</Button>;
    return (
      <Empty title={text(SERVERS.noneTitle)} action={clear}>
        {text(SERVERS.none)}
      </Empty>
    );
  }
  const create = (
    <ButtonLink to="/servers/new" look="primary">
      {text(SERVERS.create)}
    </ButtonLink>
  );
  return (
    <Empty title={text(SERVERS.emptyTitle)} action={mayCreate && create}>
      {text(SERVERS.empty)}
    </Empty>
  );
}
