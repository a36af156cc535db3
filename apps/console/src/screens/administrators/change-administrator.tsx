import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type Administrator, changeAdministrator, oneAdministrator, type Role } from '../../api/administrators.js';
import type { Versioned } from '../../api/client.js';
import { MergeDialog } from '../../editing/merge-dialog.js';
import { useDraft } from '../../editing/use-draft.js';
import { fromLocal, toLocal } from '../../parts/key-end.js';
import { isAbout, useRuleOf } from '../../parts/rules.js';
import { type Formats, useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { CheckField, TextField } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';
import { Row } from '../../ui/page.js';
import { useToasts } from '../../ui/toasts.js';
import { useIsSelf } from './administrators-table.js';
import styles from './administrators.module.css';
import { NotDone } from './not-done.js';
import { RoleField } from './role-field.js';
import { ADMINS } from './texts.js';

interface AdministratorDraft {
  name: string;
  role: Role;
  enabled: boolean;
  expiresAt: string | null;
}
const FIELDS = ['name', 'role', 'expiresAt'];
const NAMES = { name: ADMINS.name, role: ADMINS.role, enabled: ADMINS.enabled, expiresAt: ADMINS.ends };

interface ChangeAdministratorProps {
  read: Versioned<Administrator>;
  onDone: () => void;
}

/** Changes name, role and end of an administrator, or switches one off. */
export function ChangeAdministrator({ read, onDone }: ChangeAdministratorProps): ReactNode {
  const formats = useFormats();
  const { text } = formats;
  const draft = useAdministratorDraft(read, onDone);
  const { fields, set, error } = draft;
  const ruleOf = useRuleOf(error);
  const isSelf = useIsSelf(read.value.id);
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        if (draft.isChanged) void draft.save();
      }}
    >
      {draft.isOutdated && <Notice tone="warn">{text(ADMINS.outdated)}</Notice>}
      {isSelf && <Notice tone="warn">{text(ADMINS.selfChange)}</Notice>}
      <TextField
        label={text(ADMINS.name)}
        error={ruleOf('name')}
        value={fields.name}
        maxLength={120}
        onValue={(name) => set({ name })}
      />
      <RoleField value={fields.role} error={ruleOf('role')} onValue={(role) => set({ role })} />
      <TextField
        label={text(ADMINS.ends)}
        hint={text(ADMINS.endsHint)}
        error={ruleOf('expiresAt')}
        type="datetime-local"
        value={fields.expiresAt === null ? '' : toLocal(fields.expiresAt)}
        onValue={(value) => set({ expiresAt: fromLocal(value) ?? null })}
      />
      <CheckField
        label={text(ADMINS.enabled)}
        hint={text(ADMINS.enabledHint)}
        isOn={fields.enabled}
        onValue={(enabled) => set({ enabled })}
      />
      {error !== undefined && !isAbout(error, FIELDS) && <NotDone error={error} title={text(ADMINS.notSaved)} />}
      <Row>
        <Button type="submit" look="primary" disabled={!draft.isChanged} isBusy={draft.isSaving}>
          {text(ADMINS.save)}
        </Button>
        <Button onClick={onDone}>{text(ADMINS.back)}</Button>
      </Row>
      {draft.conflict && (
        <MergeDialog
          conflict={draft.conflict}
          nameOf={(field) => text(NAMES[field])}
          show={(field, value) => shown(field, value, formats)}
        />
      )}
    </form>
  );
}

/** A value of a field, as people read it. */
function shown(field: keyof AdministratorDraft, value: string | boolean | null, { text, time }: Formats): string {
  if (value === null) return text(ADMINS.never);
  if (typeof value === 'boolean') return text(value ? ADMINS.enabled : ADMINS.enabledNo);
  if (field === 'expiresAt') return time(value);
  return field === 'role' && (value === 'viewer' || value === 'editor' || value === 'admin')
    ? text(ADMINS[value])
    : value;
}

function useAdministratorDraft(
  read: Versioned<Administrator>,
  onDone: () => void,
): ReturnType<typeof useDraft<Administrator, AdministratorDraft>> {
  const { text } = useFormats();
  const toasts = useToasts();
  const queries = useQueryClient();
  const { id } = read.value;
  return useDraft<Administrator, AdministratorDraft>({
    latest: read,
    draftOf: ({ name, role, enabled, expiresAt }) => ({ name, role, enabled, expiresAt }),
    save: async (changes, etag) => {
      const saved = await changeAdministrator(id, changes, etag);
      queries.setQueryData(oneAdministrator(id).queryKey, saved);
      void queries.invalidateQueries({ queryKey: ['admins', 'list'] });
      return saved;
    },
    reread: () => queries.query({ ...oneAdministrator(id), staleTime: 0 }),
    onSaved: ({ value }, undo) => {
      toasts.done(text(ADMINS.saved, { name: value.name }), undo);
      onDone();
    },
  });
}
