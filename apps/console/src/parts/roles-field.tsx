import { type ReactNode, useId } from 'react';
import { texts, useFormats } from '../text/text.js';
import { TextField } from '../ui/field.js';

const ROLES = texts('rolesField', {
  label: 'Roles',
  hint: 'What the grants of virtual servers name, separated by spaces. Without one, a caller has what everybody has.',
  known: 'Grants of this virtual server name: {roles}.',
});

/** Roles as they are typed. */
export function rolesOf(typed: string): string[] {
  return [...new Set(typed.split(/[\s,]+/).filter(Boolean))];
}

interface RolesFieldProps {
  value: string;
  onValue: (typed: string) => void;
  error?: string | undefined;
  /** Roles that grants name. */
  known?: readonly string[];
  hint?: string;
}

/** The roles of a key, as one line of text. */
export function RolesField({ known = [], hint, ...field }: RolesFieldProps): ReactNode {
  const { text, list } = useFormats();
  const id = useId();
  const named = known.length > 0 ? ` ${text(ROLES.known, { roles: list(known) })}` : '';
  return (
    <>
      <TextField {...field} label={text(ROLES.label)} hint={(hint ?? text(ROLES.hint)) + named} list={id} />
      <datalist id={id}>
        {known.map((role) => (
          <option key={role} value={role} />
        ))}
      </datalist>
    </>
  );
}
