import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useFormats } from '../../text/text.js';
import { SelectField, TextField } from '../../ui/field.js';
import { FilterBar } from '../../ui/filter-bar.js';
import { REVIEW } from './texts.js';

const route = getRouteApi('/gateways/$ref/review/$vid');
const CHANGES = ['added', 'changed', 'removed'] as const;
const STATUSES = ['pending', 'applied', 'rejected', 'served', 'superseded'] as const;

/** Which changes are listed; it stands in the address. */
export function ChangeFilterBar(): ReactNode {
  const { text } = useFormats();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const filter = (next: Partial<typeof search>): void =>
    void navigate({ search: { ...search, ...next }, replace: true, resetScroll: false });
  const any = { value: '', label: text(REVIEW.any) } as const;
  return (
    <FilterBar>
      <TextField label={text(REVIEW.filterText)} type="search" value={search.q ?? ''} onValue={(q) => filter({ q })} />
      <SelectField
        label={text(REVIEW.filterChange)}
        value={CHANGES.find((change) => change === search.change) ?? ''}
        choices={[any, ...CHANGES.map((value) => ({ value, label: text(REVIEW[value]) }))]}
        onValue={(change) => filter({ change })}
      />
      <SelectField
        label={text(REVIEW.filterStatus)}
        value={STATUSES.find((status) => status === search.status) ?? ''}
        choices={[any, ...STATUSES.map((value) => ({ value, label: text(REVIEW[value]) }))]}
        onValue={(status) => filter({ status })}
      />
    </FilterBar>
  );
}
