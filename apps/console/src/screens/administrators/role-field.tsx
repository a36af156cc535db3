import type { ReactNode } from 'react';
import type { Role } from '../../api/administrators.js';
import { useFormats } from '../../text/text.js';
import { SelectField } from '../../ui/field.js';
import { ADMINS } from './texts.js';

const ROLES = ['viewer', 'editor', 'admin'] as const;
const MAY = { viewer: ADMINS.viewerMay, editor: ADMINS.editorMay, admin: ADMINS.adminMay };

interface RoleFieldProps {
  value: Role;
  onValue: (role: Role) => void;
  error: string | undefined;
}

/** Chooses a role, and says what it may do. */
export function RoleField({ value, onValue, error }: RoleFieldProps): ReactNode {
  const { text } = useFormats();
  return (
    <SelectField
      label={text(ADMINS.role)}
      hint={text(MAY[value])}
      error={error}
      value={value}
      choices={ROLES.map((role) => ({ value: role, label: text(ADMINS[role]) }))}
      onValue={onValue}
    />
  );
}
