import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type Administrator, removeAdministrator } from '../../api/administrators.js';
import type { Versioned } from '../../api/client.js';
import { isProblem } from '../../api/problem.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { TextField } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';
import { Row } from '../../ui/page.js';
import { useToasts } from '../../ui/toasts.js';
import { At, useIsSelf } from './administrators-table.js';
import styles from './administrators.module.css';
import { NotDone } from './not-done.js';
import { ADMINS } from './texts.js';

interface RemoveAdministratorProps {
  read: Versioned<Administrator>;
  onBack: () => void;
  onRemoved: () => void;
}

/** Removes an administrator for good, once the name was typed. */
export function RemoveAdministrator({ read: { value, etag }, onBack, onRemoved }: RemoveAdministratorProps): ReactNode {
  const { text } = useFormats();
  const toasts = useToasts();
  const queries = useQueryClient();
  const [typed, setTyped] = useState('');
  const isSelf = useIsSelf(value.id);
  const isConfirmed = typed.trim() === value.name.trim();
  const remove = useMutation({
    mutationFn: () => removeAdministrator(value.id, etag),
    onSuccess: () => {
      toasts.done(text(ADMINS.removed, { name: value.name }));
      onRemoved();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['admins'] }),
  });
  const isOutdated = isProblem(remove.error, 'precondition_failed');
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        if (isConfirmed) remove.mutate();
      }}
    >
      <p>{text(ADMINS.removeLead)}</p>
      {isSelf && <Notice tone="warn">{text(ADMINS.removeSelf)}</Notice>}
      <p>
        {`${text(ADMINS.used)}: `}
        <At time={value.lastUsedAt} />
        {`. ${text(ADMINS.removeOff)}`}
      </p>
      <TextField label={text(ADMINS.removeConfirm, { name: value.name })} value={typed} onValue={setTyped} />
      {isOutdated && <Notice tone="bad">{text(ADMINS.changedSince)}</Notice>}
      {remove.error && !isOutdated && <NotDone error={remove.error} title={text(ADMINS.notRemoved)} />}
      <Row>
        <Button type="submit" look="danger" disabled={!isConfirmed} isBusy={remove.isPending}>
          {text(ADMINS.removeGo)}
        </Button>
        <Button onClick={onBack}>{text(ADMINS.back)}</Button>
      </Row>
    </form>
  );
}
