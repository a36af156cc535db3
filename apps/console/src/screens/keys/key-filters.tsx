import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ServerField } from '../../parts/server-field.js';
import { useFormats } from '../../text/text.js';
import { SelectField, TextField } from '../../ui/field.js';
import { FilterBar } from '../../ui/filter-bar.js';
import { KEYS } from './texts.js';

const route = getRouteApi('/keys');
/** States by which keys are filtered. */
export const STATES = ['active', 'expired'] as const;
/** Within how many days keys end. */
export const DAYS = [7, 30, 90] as const;

/** Filters of the list of keys; they stand in the address. */
export function KeyFilterBar(): ReactNode {
  const { text } = useFormats();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (next: Partial<typeof search>): void =>
    void navigate({ search: { ...search, ...next }, replace: true });
  const any = { value: '', label: text(KEYS.any) } as const;
  return (
    <FilterBar>
      <SelectField
        label={text(KEYS.state)}
        value={STATES.find((state) => state === search.state) ?? ''}
        choices={[any, ...STATES.map((value) => ({ value, label: text(KEYS[value]) }))]}
        onValue={(state) => change({ state })}
      />
      <SelectField
        label={text(KEYS.ending)}
        value={DAYS.map(String).find((days) => days === search.ending) ?? ''}
        choices={[any, ...DAYS.map((days) => ({ value: String(days), label: text(KEYS[`days${days}`]) }))]}
        onValue={(ending) => change({ ending })}
      />
      <ServerField
        label={text(KEYS.server)}
        none={text(KEYS.any)}
        value={search.server ?? ''}
        onValue={(server) => change({ server })}
      />
      <TextField label={text(KEYS.role)} type="search" value={search.role ?? ''} onValue={(role) => change({ role })} />
    </FilterBar>
  );
}
