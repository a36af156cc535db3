import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { createAdministrator, type IssuedAdministrator, type Role } from '../../api/administrators.js';
import { isProblem } from '../../api/problem.js';
import { EndField, endTime, FIRST_END } from '../../parts/key-end.js';
import { isAbout, useRuleOf } from '../../parts/rules.js';
import { SecretOnce } from '../../parts/secret-once.js';
import { useAttempt } from '../../parts/use-attempt.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { TextField } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';
import { Failed } from '../../ui/states.js';
import styles from './administrators.module.css';
import { RoleField } from './role-field.js';
import { ADMINS } from './texts.js';

const FIELDS = ['name', 'role', 'expiresAt'];

/** Makes an administrator and shows the token once. It does not close over a token that nobody has stored. */
export function CreateDialog({ onClose }: { onClose: () => void }): ReactNode {
  const { text } = useFormats();
  const [issued, setIssued] = useState<IssuedAdministrator>();
  const [isLeaving, setLeaving] = useState(false);
  return (
    <Dialog title={issued?.name ?? text(ADMINS.create)} onClose={() => (issued ? setLeaving(true) : onClose())}>
      {issued ? (
        <SecretOnce issued={{ key: issued.token }} kind="token" isLeaving={isLeaving} onStored={onClose} />
      ) : (
        <CreateForm onIssued={setIssued} />
      )}
    </Dialog>
  );
}

function CreateForm({ onIssued }: { onIssued: (issued: IssuedAdministrator) => void }): ReactNode {
  const { text } = useFormats();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [end, setEnd] = useState(FIRST_END);
  const { go, isRunning, error } = useAttempt(
    (attempt) => {
      const expiresAt = endTime(end, Date.now());
      return createAdministrator({ name: name.trim(), role, ...(expiresAt !== undefined && { expiresAt }) }, attempt);
    },
    (issued) => {
      void queries.invalidateQueries({ queryKey: ['admins'] });
      onIssued(issued);
    },
  );
  const ruleOf = useRuleOf(error);
  const isLost = isProblem(error, 'secret_shown_once');
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        void go();
      }}
    >
      <TextField
        label={text(ADMINS.name)}
        hint={text(ADMINS.nameHint)}
        error={ruleOf('name')}
        value={name}
        onValue={setName}
        maxLength={120}
      />
      <RoleField value={role} onValue={setRole} error={ruleOf('role')} />
      <EndField value={end} onValue={setEnd} error={ruleOf('expiresAt')} />
      {isLost && <Notice tone="bad">{text(ADMINS.lostNew)}</Notice>}
      {error !== undefined && !isLost && !isAbout(error, FIELDS) && (
        <Failed error={error} title={text(ADMINS.notCreated)} />
      )}
      <div>
        <Button type="submit" look="primary" isBusy={isRunning}>
          {text(ADMINS.create)}
        </Button>
      </div>
    </form>
  );
}
