import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode, SubmitEvent } from 'react';
import type { Versioned } from '../../api/client.js';
import { changeGateway } from '../../api/gateway-changes.js';
import { type Gateway, oneGateway } from '../../api/gateways.js';
import { Problem } from '../../api/problem.js';
import { MergeDialog } from '../../editing/merge-dialog.js';
import { type Draft, useDraft } from '../../editing/use-draft.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { Notice } from '../../ui/notice.js';
import { Failed } from '../../ui/states.js';
import { useToasts } from '../../ui/toasts.js';
import { fieldsOf, type GatewayFields, toChange } from './edit-fields.js';
import { AboutFields, ConnectionFields, LimitsFields, ServingFields } from './edit-groups.js';
import { EDIT } from './edit-texts.js';
import { namesError } from './field-errors.js';
import styles from './gateway.module.css';

/** Edits a gateway. A change that somebody else makes in the meantime is merged by hand. */
export function EditTab({ read }: { read: Versioned<Gateway> }): ReactNode {
  const { text } = useFormats();
  const draft = useGatewayDraft(read);
  const save = (event: SubmitEvent): void => {
    event.preventDefault();
    if (draft.isChanged && !draft.isSaving) void draft.save();
  };
  return (
    <form className={styles['form']} onSubmit={save} noValidate>
      {draft.isOutdated && <Notice tone="warn">{text(EDIT.outdated)}</Notice>}
      <AboutFields draft={draft} />
      <ServingFields draft={draft} />
      <LimitsFields draft={draft} />
      <ConnectionFields draft={draft} />
      <SaveBar draft={draft} />
      {draft.conflict && (
        <MergeDialog
          conflict={draft.conflict}
          nameOf={(field) => text(field === 'limits' ? EDIT.limitFields : EDIT[field])}
          show={(_field, value) => <Shown value={value} />}
        />
      )}
    </form>
  );
}

function useGatewayDraft(read: Versioned<Gateway>): Draft<GatewayFields> {
  const { text } = useFormats();
  const toasts = useToasts();
  const queries = useQueryClient();
  const { id, slug } = read.value;
  const keep = (saved: Versioned<Gateway>): void => {
    queries.setQueryData(oneGateway(slug).queryKey, saved);
    void queries.invalidateQueries({ queryKey: ['gateways', 'list'] });
  };
  return useDraft<Gateway, GatewayFields>({
    latest: read,
    draftOf: fieldsOf,
    save: (changes, etag) => changeGateway(id, toChange(changes), etag),
    reread: () => queries.query({ ...oneGateway(slug), staleTime: 0 }),
    onSaved: (saved, undo) => {
      keep(saved);
      toasts.done(text(EDIT.saved, { name: saved.value.name }), async () => keep(await undo()));
    },
  });
}

function SaveBar({ draft }: { draft: Draft<GatewayFields> }): ReactNode {
  const { text } = useFormats();
  const { error } = draft;
  const isAtField = error instanceof Problem && error.fields.length > 0 && error.fields.every(namesError);
  return (
    <div className={styles['bar']}>
      <Button type="submit" look="primary" disabled={!draft.isChanged} isBusy={draft.isSaving}>
        {text(EDIT.save)}
      </Button>
      {draft.isChanged ? (
        <Button look="quiet" onClick={draft.reset}>
          {text(EDIT.reset)}
        </Button>
      ) : (
        <span className={styles['soft']}>{text(EDIT.unchanged)}</span>
      )}
      {error !== undefined && !isAtField && <Failed error={error} title={text(EDIT.failed)} />}
    </div>
  );
}

/** A value of a field, as people read it. */
function Shown({ value }: { value: unknown }): ReactNode {
  const { text } = useFormats();
  if (typeof value === 'boolean') return text(value ? EDIT.yes : EDIT.no);
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
