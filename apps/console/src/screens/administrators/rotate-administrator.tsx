import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type Administrator, type IssuedAdministrator, rotateAdministrator } from '../../api/administrators.js';
import { isProblem } from '../../api/problem.js';
import { useAttempt } from '../../parts/use-attempt.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { SelectField } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';
import { Row } from '../../ui/page.js';
import { useIsSelf } from './administrators-table.js';
import styles from './administrators.module.css';
import { NotDone } from './not-done.js';
import { ADMINS } from './texts.js';

const OVERLAPS = ['3600', '86400', '604800', '0'] as const;

interface RotateAdministratorProps {
  current: Administrator;
  onBack: () => void;
  onIssued: (issued: IssuedAdministrator) => void;
}

/** Replaces the token of an administrator; the old one works on for as long as is chosen. */
export function RotateAdministrator({ current, onBack, onIssued }: RotateAdministratorProps): ReactNode {
  const { text } = useFormats();
  const queries = useQueryClient();
  const isSelf = useIsSelf(current.id);
  const [overlap, setOverlap] = useState<(typeof OVERLAPS)[number]>('3600');
  const { go, isRunning, error } = useAttempt(
    (attempt) => rotateAdministrator(current.id, Number(overlap), attempt),
    (issued) => {
      onIssued(issued);
      void queries.invalidateQueries({ queryKey: ['admins'] });
    },
  );
  // Whoever ends the own token in this moment is signed out before the new one is stored.
  const overlaps = OVERLAPS.filter((value) => !isSelf || value !== '0');
  const isLost = isProblem(error, 'secret_shown_once');
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        void go();
      }}
    >
      <p>{text(ADMINS.rotateLead)}</p>
      {isSelf && <Notice tone="warn">{text(ADMINS.rotateSelf)}</Notice>}
      <SelectField
        label={text(ADMINS.overlap)}
        value={overlap}
        choices={overlaps.map((value) => ({ value, label: text(ADMINS[`overlap${value}`]) }))}
        onValue={setOverlap}
      />
      {isLost && <Notice tone="bad">{text(ADMINS.lostToken)}</Notice>}
      {error !== undefined && !isLost && <NotDone error={error} title={text(ADMINS.notRotated)} />}
      <Row>
        <Button type="submit" look="primary" isBusy={isRunning}>
          {text(ADMINS.rotateGo)}
        </Button>
        <Button onClick={onBack}>{text(ADMINS.back)}</Button>
      </Row>
    </form>
  );
}
