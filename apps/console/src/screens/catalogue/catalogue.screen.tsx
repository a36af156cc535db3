import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReactNode, useDeferredValue } from 'react';
import { type FoundItem, type ItemFilters, itemPages } from '../../api/items.js';
import { Verbatim } from '../../parts/verbatim.js';
import { type Formats, useFormats } from '../../text/text.js';
import { Badge } from '../../ui/badge.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { Page } from '../../ui/page.js';
import { Empty, Shown } from '../../ui/states.js';
import { type Column, Table } from '../../ui/table.js';
import { useNarrow } from '../../ui/use-narrow.js';
import styles from './catalogue.module.css';
import { Filters } from './filters.js';
import { itemAddress, KINDS, readItemAddress } from './item-address.js';
import { ItemDialog } from './item-dialog.js';
import { CATALOGUE } from './texts.js';

const route = getRouteApi('/catalogue');

/** Everything that the gateways offer, with a search; one item in full. */
export function CatalogueScreen(): ReactNode {
  const { text } = useFormats();
  const { item, ...search } = route.useSearch();
  const navigate = route.useNavigate();
  const { q, kind, gateway, tag } = useDeferredValue(search);
  const filters: ItemFilters = {
    ...(q !== undefined && { q }),
    ...(gateway !== undefined && { gateway }),
    ...(tag !== undefined && { tag }),
    kind: KINDS.find((each) => each === kind),
  };
  // The rows of before stay until the new ones are there: typing does not make the list flicker.
  const items = useInfiniteQuery({ ...itemPages(filters), placeholderData: keepPreviousData });
  const chosen = readItemAddress(item);
  const isNarrow = useNarrow();
  return (
    <Page title={text(CATALOGUE.title)} lead={text(CATALOGUE.lead)}>
      <Filters />
      <Shown query={items}>
        {(rows) =>
          rows.length === 0 ? (
            <NoItems isFiltered={Object.keys(search).length > 0} />
          ) : (
            <div aria-busy={items.isPlaceholderData}>
              <Table
                label={text(CATALOGUE.list)}
                columns={columnsOf(text).filter(({ name }) => !isNarrow || name === 'item' || name === 'kind')}
                rows={rows}
                keyOf={itemAddress}
                rowHeight={62}
                hasMore={items.hasNextPage}
                onMore={() => void items.fetchNextPage({ cancelRefetch: false })}
              />
            </div>
          )
        }
      </Shown>
      {chosen && <ItemDialog key={item} item={chosen} onClose={() => void navigate({ search, replace: true })} />}
    </Page>
  );
}

function NoItems({ isFiltered }: { isFiltered: boolean }): ReactNode {
  const { text } = useFormats();
  const navigate = route.useNavigate();
  if (isFiltered) {
    const clear = <Button onClick={() => void navigate({ search: {} })}>{text(CATALOGUE.clear)}</Button>;
    return (
      <Empty title={text(CATALOGUE.noneTitle)} action={clear}>
        {text(CATALOGUE.none)}
      </Empty>
    );
  }
  const gateways = (
    <ButtonLink to="/gateways" look="primary">
      {text(CATALOGUE.gateways)}
    </ButtonLink>
  );
  return (
    <Empty title={text(CATALOGUE.emptyTitle)} action={gateways}>
      {text(CATALOGUE.empty)}
    </Empty>
  );
}

function columnsOf(text: Formats['text']): Column<FoundItem>[] {
  return [
    { name: 'item', title: text(CATALOGUE.item), width: '5fr', cell: (item) => <Name item={item} /> },
    { name: 'kind', title: text(CATALOGUE.kind), width: '5rem', cell: ({ kind }) => text(CATALOGUE[kind]) },
    {
      name: 'gateway',
      title: text(CATALOGUE.gateway),
      width: '1.5fr',
      cell: ({ gateway }) => (
        <Link to="/gateways/$ref" params={{ ref: gateway }}>
          {gateway}
        </Link>
      ),
    },
    {
      name: 'exposed',
      title: text(CATALOGUE.exposed),
      width: '4.5rem',
      isNumber: true,
      cell: ({ exposedCount }) => exposedCount,
    },
  ];
}

function Name({ item }: { item: FoundItem }): ReactNode {
  const { text } = useFormats();
  const about = item.description ?? item.title;
  return (
    <div className={styles['item']}>
      <div className={styles['name']}>
        <Link to="/catalogue" search={(before) => ({ ...before, item: itemAddress(item) })} resetScroll={false}>
          <Verbatim>{item.name}</Verbatim>
        </Link>
        {item.stale && <Badge tone="warn">{text(CATALOGUE.gone)}</Badge>}
        {item.tags.slice(0, 3).map((tag) => (
          <Badge key={tag} tone="plain">
            {tag}
          </Badge>
        ))}
      </div>
      {about !== null && (
        <div className={styles['about']}>
          <Verbatim>{about}</Verbatim>
        </div>
      )}
    </div>
  );
}
