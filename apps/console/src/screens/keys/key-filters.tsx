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
export const DAYS = { days7: 7, days30: 30, days90: 90 } as const;
/** Names of these in the address. */
export const ENDING = ['days7', 'days30', 'days90'] as const;

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
      <ServerField
        label={text(KEYS.server)}
        none={text(KEYS.any)}
        value={search.server ?? ''}
        onValue={(server) => change({ server })}
      />
      <SelectField
        label={text(KEYS.state)}
        value={STATES.find((state) => state === search.state) ?? ''}
        choices={[any, ...STATES.map((value) => ({ value, label: text(KEYS[value]) }))]}
        onValue={(state) => change({ state })}
      />
      <SelectField
        label={text(KEYS.ending)}
        value={ENDING.find((each) => each === search.ending) ?? ''}
        choices={[any, ...ENDING.map((value) => ({ value, label: text(KEYS[value]) }))]}
        onValue={(ending) => change({ ending })}
      />
      <TextField label={text(KEYS.role)} type="search" value={search.role ?? ''} onValue={(role) => change({ role })} />
    </FilterBar>
  );
}
