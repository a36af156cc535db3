import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type IssuedKey, type Key, rotateKey } from '../../api/keys.js';
import { isProblem } from '../../api/problem.js';
import { useAttempt } from '../../parts/use-attempt.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { SelectField } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';
import { Row } from '../../ui/page.js';
import { Failed } from '../../ui/states.js';
import styles from './keys.module.css';
import { KEYS } from './texts.js';

const OVERLAPS = ['86400', '3600', '604800', '2592000', '0'] as const;

interface RotateKeyProps {
  current: Key;
  onBack: () => void;
  onIssued: (key: IssuedKey) => void;
}

/** Replaces a key by a new one; the old one works on for as long as is chosen. */
export function RotateKey({ current, onBack, onIssued }: RotateKeyProps): ReactNode {
  const { text } = useFormats();
  const queries = useQueryClient();
  const [overlap, setOverlap] = useState<(typeof OVERLAPS)[number]>('86400');
  const { go, isRunning, error } = useAttempt(
    (attempt) => rotateKey(current.id, { overlapSeconds: Number(overlap) }, attempt),
    (issued) => {
      void queries.invalidateQueries({ queryKey: ['keys'] });
      onIssued(issued);
    },
  );
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        void go();
      }}
    >
      <p>{text(KEYS.rotateLead)}</p>
      <SelectField
        label={text(KEYS.overlap)}
        value={overlap}
        choices={OVERLAPS.map((value) => ({ value, label: text(KEYS[`overlap${value}`]) }))}
        onValue={setOverlap}
      />
      {overlap === '0' && <Notice tone="warn">{text(KEYS.overlapNow)}</Notice>}
      {isProblem(error, 'secret_shown_once') && <Notice tone="bad">{text(KEYS.rotatedLost)}</Notice>}
      {error !== undefined && !isProblem(error, 'secret_shown_once') && (
        <Failed error={error} title={text(KEYS.notRotated)} />
      )}
      <Row>
        <Button type="submit" look="primary" isBusy={isRunning}>
          {text(KEYS.rotateGo)}
        </Button>
        <Button onClick={onBack}>{text(KEYS.back)}</Button>
      </Row>
    </form>
  );
}
