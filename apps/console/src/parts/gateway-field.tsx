import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode, useDeferredValue, useId } from 'react';
import { gatewayPages } from '../api/gateways.js';
import { TextField } from '../ui/field.js';

interface GatewayFieldProps {
  label: string;
  hint?: string;
  error?: string | undefined;
  /** A slug, or what of it is typed so far. */
  value: string;
  onValue: (slug: string) => void;
}

/** One gateway of any number: what is typed is looked for in names and slugs, and the slug is what counts. */
export function GatewayField({ value, onValue, ...rest }: GatewayFieldProps): ReactNode {
  const list = useId();
  const q = useDeferredValue(value.trim());
  const found = useInfiniteQuery({
    ...gatewayPages({ sort: 'name', ...(q !== '' && { q }) }),
    placeholderData: (before) => before,
  });
  return (
    <>
      <TextField {...rest} list={list} value={value} onValue={(typed) => onValue(typed.trim())} />
      <datalist id={list}>
        {found.data?.map(({ slug, name }) => (
          <option key={slug} value={slug}>
            {name}
          </option>
        ))}
      </datalist>
    </>
  );
}
