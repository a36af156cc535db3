import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useDeferredValue, useId, useState } from 'react';
import { serverChoice, serverChoices } from '../api/connect.js';
import { isProblem } from '../api/problem.js';
import { texts, useFormats } from '../text/text.js';
import { SelectField, TextField } from '../ui/field.js';

const SERVER = texts('serverField', {
  choose: 'Choose one',
  search: 'Type a part of its name or slug',
  deleted: '{id} (deleted)',
});

interface ServerFieldProps {
  label: string;
  hint?: string;
  error?: string | undefined;
  /** Slug; empty for none. */
  value: string;
  /** How no choice is called. */
  none?: string;
  onValue: (slug: string) => void;
}

/** Chooses a virtual server: from a list, or by a search where the list would be long. */
export function ServerField(props: ServerFieldProps): ReactNode {
  const all = useQuery(serverChoices(''));
  const { text } = useFormats();
  if (all.data?.hasMore === true) return <ServerSearch {...props} />;
  const { value, none, ...field } = props;
  const known = (all.data?.items ?? []).map(({ slug, name }) => ({ value: slug, label: nameWith(name, slug) }));
  const isKnown = value === '' || known.some((choice) => choice.value === value);
  return (
    <SelectField
      {...field}
      value={value}
      choices={[
        { value: '', label: none ?? text(SERVER.choose) },
        ...known,
        ...(isKnown ? [] : [{ value, label: value }]),
      ]}
    />
  );
}

function ServerSearch({ value, none, onValue, ...field }: ServerFieldProps): ReactNode {
  const { text } = useFormats();
  const list = useId();
  const [typed, setTyped] = useState(value);
  const found = useQuery(serverChoices(useDeferredValue(typed)));
  const items = found.data?.items ?? [];
  const type = (next: string): void => {
    setTyped(next);
    if (next === '' || items.some(({ slug }) => slug === next)) onValue(next);
  };
  return (
    <>
      <TextField
        {...field}
        type="search"
        list={list}
        placeholder={none ?? text(SERVER.search)}
        value={typed}
        onValue={type}
        onBlur={() => typed !== value && onValue(typed)}
      />
      <datalist id={list}>
        {items.map(({ slug, name }) => (
          <option key={slug} value={slug}>
            {name}
          </option>
        ))}
      </datalist>
    </>
  );
}

/** The name of a virtual server by its id. */
export function ServerName({ id }: { id: string }): ReactNode {
  const { text } = useFormats();
  const { data, error } = useQuery({ ...serverChoice(id), staleTime: Infinity });
  if (isProblem(error, 'not_found')) return text(SERVER.deleted, { id: id.slice(0, 8) });
  return data === undefined ? id.slice(0, 8) : data.name;
}

function nameWith(name: string, slug: string): string {
  return name === slug ? name : `${name} (${slug})`;
}
