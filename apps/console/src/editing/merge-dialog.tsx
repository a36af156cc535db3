import { type ReactNode, useState } from 'react';
import { texts, useFormats } from '../text/text.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import styles from './merge-dialog.module.css';
import { type Clash, isSame } from './three-way.js';
import type { Conflict } from './use-draft.js';

const MERGE = texts('merge', {
  title: 'Somebody else has changed this, too',
  lead: 'Nothing is lost: your changes are still here, and theirs are saved. Choose for each field that both of you changed.',
  taken: 'What only they changed is taken over: {fields}.',
  noClash: 'You changed other fields than they did. Both fit together.',
  mine: 'Yours',
  theirs: 'Theirs',
  go: 'Take over and look again',
});

interface MergeDialogProps<D extends object> {
  conflict: Conflict<D>;
  /** What people call a field. */
  nameOf: (field: keyof D & string) => string;
  /** How a value of a field is shown; JSON unless given. */
  show?: (field: keyof D & string, value: D[keyof D]) => ReactNode;
}

/** Merges two changes by hand, field by field. Nothing is saved here: the form shows the result first. */
export function MergeDialog<D extends object>({ conflict, nameOf, show = asText }: MergeDialogProps<D>): ReactNode {
  const { text, list } = useFormats();
  const { merged, taken, clashes } = conflict.merge;
  const [chosen, setChosen] = useState(merged);
  const choose = (clash: Clash<D>, value: D[keyof D]): void => setChosen({ ...chosen, [clash.field]: value });
  const go = (
    <Button look="primary" onClick={() => conflict.resolve(chosen)}>
      {text(MERGE.go)}
    </Button>
  );
  return (
    <Dialog title={text(MERGE.title)} onClose={conflict.dismiss} actions={go}>
      <p>{text(clashes.length > 0 ? MERGE.lead : MERGE.noClash)}</p>
      {taken.length > 0 && <p>{text(MERGE.taken, { fields: list(taken.map(nameOf)) })}</p>}
      {clashes.map((clash) => (
        <fieldset key={clash.field} className={styles['clash']}>
          <legend>{nameOf(clash.field)}</legend>
          {(['mine', 'theirs'] as const).map((whose) => (
            <label key={whose} className={styles['side']}>
              <input
                type="radio"
                name={clash.field}
                checked={isSame(chosen[clash.field], clash[whose])}
                onChange={() => choose(clash, clash[whose])}
              />
              <span>
                <strong>{text(MERGE[whose])}</strong>
                <span className={styles['value']}>{show(clash.field, clash[whose])}</span>
              </span>
            </label>
          ))}
        </fieldset>
      ))}
    </Dialog>
  );
}

function asText(_field: string, value: unknown): ReactNode {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
