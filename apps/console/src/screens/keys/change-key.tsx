import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Versioned } from '../../api/client.js';
import { changeKey, type Key, oneKey } from '../../api/keys.js';
import { MergeDialog } from '../../editing/merge-dialog.js';
import { useDraft } from '../../editing/use-draft.js';
import { fromLocal, toLocal } from '../../parts/key-end.js';
import { RolesField, rolesOf } from '../../parts/roles-field.js';
import { isAbout, useRuleOf } from '../../parts/rules.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { TextField } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';
import { Row } from '../../ui/page.js';
import { Failed } from '../../ui/states.js';
import { useToasts } from '../../ui/toasts.js';
import styles from './keys.module.css';
import { KEYS } from './texts.js';

interface KeyDraft {
  name: string;
  /** As typed. */
  roles: string;
  expiresAt: string | null;
}
const FIELDS = ['name', 'roles', 'expiresAt'];
const NAMES = { name: KEYS.name, roles: KEYS.roles, expiresAt: KEYS.ends };

/** Changes name, roles and end of a key. */
export function ChangeKey({ read, onDone }: { read: Versioned<Key>; onDone: () => void }): ReactNode {
  const { text, time } = useFormats();
  const draft = useKeyDraft(read, onDone);
  const { fields, set, error } = draft;
  const ruleOf = useRuleOf(error);
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        if (draft.isChanged) void draft.save();
      }}
    >
      {draft.isOutdated && <Notice tone="warn">{text(KEYS.outdated)}</Notice>}
      <TextField
        label={text(KEYS.name)}
        error={ruleOf('name')}
        value={fields.name}
        maxLength={120}
        onValue={(name) => set({ name })}
      />
      <RolesField
        value={fields.roles}
        hint={text(KEYS.rolesHint)}
        error={ruleOf('roles')}
        onValue={(roles) => set({ roles })}
      />
      <TextField
        label={text(KEYS.ends)}
        hint={text(KEYS.endsHint)}
        error={ruleOf('expiresAt')}
        type="datetime-local"
        value={fields.expiresAt === null ? '' : toLocal(fields.expiresAt)}
        onValue={(value) => set({ expiresAt: fromLocal(value) ?? null })}
      />
      {error !== undefined && !isAbout(error, FIELDS) && <Failed error={error} title={text(KEYS.notSaved)} />}
      <Row>
        <Button type="submit" look="primary" disabled={!draft.isChanged} isBusy={draft.isSaving}>
          {text(KEYS.save)}
        </Button>
        <Button onClick={onDone}>{text(KEYS.back)}</Button>
      </Row>
      {draft.conflict && (
        <MergeDialog
          conflict={draft.conflict}
          nameOf={(field) => text(NAMES[field])}
          show={(field, value) => (field === 'expiresAt' ? (value === null ? text(KEYS.never) : time(value)) : value)}
        />
      )}
    </form>
  );
}

function useKeyDraft(read: Versioned<Key>, onDone: () => void): ReturnType<typeof useDraft<Key, KeyDraft>> {
  const { text } = useFormats();
  const toasts = useToasts();
  const queries = useQueryClient();
  const { id } = read.value;
  return useDraft<Key, KeyDraft>({
    latest: read,
    draftOf: ({ name, roles, expiresAt }) => ({ name, roles: roles.join(' '), expiresAt }),
    save: async ({ roles, ...changes }, etag) => {
      const saved = await changeKey(id, { ...changes, ...(roles !== undefined && { roles: rolesOf(roles) }) }, etag);
      queries.setQueryData(oneKey(id).queryKey, saved);
      void queries.invalidateQueries({ queryKey: ['keys', 'list'] });
      return saved;
    },
    reread: () => queries.query({ ...oneKey(id), staleTime: 0 }),
    onSaved: ({ value }, undo) => {
      toasts.done(text(KEYS.saved, { name: value.name }), undo);
      onDone();
    },
  });
}
