import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { gatewayPages } from '../../api/gateways.js';
import { useFormats } from '../../text/text.js';
import { SelectField, TextField } from '../../ui/field.js';
import { FilterBar } from '../../ui/filter-bar.js';
import { KINDS } from './item-address.js';
import { CATALOGUE } from './texts.js';

const route = getRouteApi('/catalogue');

/** The search and the filters of the catalogue; they stand in the address. */
export function Filters(): ReactNode {
  const { text } = useFormats();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (next: Partial<typeof search>): void =>
    void navigate({ search: { ...search, ...next }, replace: true });
  return (
    <FilterBar>
      <TextField label={text(CATALOGUE.search)} type="search" value={search.q ?? ''} onValue={(q) => change({ q })} />
      <SelectField
        label={text(CATALOGUE.kind)}
        value={KINDS.find((kind) => kind === search.kind) ?? ''}
        choices={[
          { value: '', label: text(CATALOGUE.any) },
          ...KINDS.map((value) => ({ value, label: text(CATALOGUE[value]) })),
        ]}
        onValue={(kind) => change({ kind })}
      />
      <GatewayFilter value={search.gateway ?? ''} onValue={(gateway) => change({ gateway })} />
      <TextField label={text(CATALOGUE.tag)} value={search.tag ?? ''} onValue={(tag) => change({ tag })} />
    </FilterBar>
  );
}

/** A gateway to choose; with more of them than a page has, its slug to type. */
function GatewayFilter({ value, onValue }: { value: string; onValue: (value: string) => void }): ReactNode {
  const { text } = useFormats();
  const gateways = useInfiniteQuery(gatewayPages({ sort: 'name' }));
  if (gateways.hasNextPage) return <TextField label={text(CATALOGUE.gatewaySlug)} value={value} onValue={onValue} />;
  const known = (gateways.data ?? []).map(({ slug, name }) => ({ value: slug, label: name }));
  // What the address names stays, also if it is gone.
  const named = value === '' || known.some((choice) => choice.value === value) ? [] : [{ value, label: value }];
  return (
    <SelectField
      label={text(CATALOGUE.gateway)}
      value={value}
      choices={[{ value: '', label: text(CATALOGUE.any) }, ...named, ...known]}
      onValue={onValue}
    />
  );
}
