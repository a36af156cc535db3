import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { fromLocal, toLocal } from '../../parts/key-end.js';
import { useFormats } from '../../text/text.js';
import { SelectField, TextField } from '../../ui/field.js';
import { FilterBar } from '../../ui/filter-bar.js';
import { OPERATIONS, operationText } from './operations.js';
import { AUDIT, KIND } from './texts.js';

const route = getRouteApi('/audit');
const KINDS = ['gateway', 'verification', 'server', 'key', 'administrator'] as const;
const SUGGESTED = 'audit-kinds';

/** Filters of the audit log; they stand in the address. */
export function AuditFilterBar(): ReactNode {
  const { text } = useFormats();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (next: Partial<typeof search>): void =>
    void navigate({ search: { ...search, ...next }, replace: true });
  const { operation = '' } = search;
  // One of a later version, which stands in an address, is offered by its id.
  const operations = operation === '' || OPERATIONS.includes(operation) ? OPERATIONS : [operation, ...OPERATIONS];
  const choices = operations.map((value) => {
    const named = operationText(value);
    return { value, label: named ? text(named) : value };
  });
  return (
    <FilterBar>
      <TextField
        label={text(AUDIT.about)}
        type="search"
        list={SUGGESTED}
        value={search.target ?? ''}
        onValue={(target) => change({ target })}
      />
      <datalist id={SUGGESTED}>
        {KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {text(KIND[kind])}
          </option>
        ))}
      </datalist>
      <TextField
        label={text(AUDIT.actor)}
        type="search"
        value={search.actor ?? ''}
        onValue={(actor) => change({ actor })}
      />
      <SelectField
        label={text(AUDIT.operation)}
        value={operation}
        choices={[{ value: '', label: text(AUDIT.any) }, ...choices]}
        onValue={(next) => change({ operation: next })}
      />
      <TimeField label={text(AUDIT.from)} value={search.from} onValue={(from) => change({ from })} />
      <TimeField label={text(AUDIT.to)} value={search.to} onValue={(to) => change({ to })} />
    </FilterBar>
  );
}

interface TimeFieldProps {
  label: string;
  /** A time of RFC 3339; one that is none is not shown. */
  value: string | undefined;
  onValue: (time: string | undefined) => void;
}

function TimeField({ label, value, onValue }: TimeFieldProps): ReactNode {
  const isTime = value !== undefined && !Number.isNaN(Date.parse(value));
  return (
    <TextField
      label={label}
      type="datetime-local"
      value={isTime ? toLocal(value) : ''}
      onValue={(local) => onValue(fromLocal(local))}
    />
  );
}
