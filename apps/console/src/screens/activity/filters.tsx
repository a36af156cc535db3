import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useId } from 'react';
import type { Activity } from '../../api/activity.js';
import { useFormats } from '../../text/text.js';
import { SelectField, TextField } from '../../ui/field.js';
import { FilterBar } from '../../ui/filter-bar.js';
import { ACTIVITY } from './texts.js';

const route = getRouteApi('/activity');
const WINDOWS = ['hour', 'day'] as const;

/** Which activity is shown. @param known what was found, whose names are offered */
export function Filters({ known }: { known: Activity | undefined }): ReactNode {
  const { text } = useFormats();
  const id = useId();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (next: Partial<typeof search>): void => {
    void navigate({ search: { ...search, ...next }, replace: true });
  };
  return (
    <FilterBar>
      <SelectField
        label={text(ACTIVITY.window)}
        value={search.window === 'day' ? 'day' : 'hour'}
        choices={WINDOWS.map((value) => ({ value, label: text(ACTIVITY[value]) }))}
        onValue={(window) => change({ window })}
      />
      <TextField
        label={text(ACTIVITY.server)}
        type="search"
        list={`${id}-servers`}
        value={search.server ?? ''}
        onValue={(server) => change({ server })}
      />
      <TextField
        label={text(ACTIVITY.gateway)}
        type="search"
        list={`${id}-gateways`}
        value={search.gateway ?? ''}
        onValue={(gateway) => change({ gateway })}
      />
      <Names id={`${id}-servers`} rows={known?.servers} />
      <Names id={`${id}-gateways`} rows={known?.gateways} />
    </FilterBar>
  );
}

function Names({ id, rows = [] }: { id: string; rows: Activity['servers'] | undefined }): ReactNode {
  return (
    <datalist id={id}>
      {rows.map(({ slug }) => (
        <option key={slug} value={slug} />
      ))}
    </datalist>
  );
}
