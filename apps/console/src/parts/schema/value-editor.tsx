import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { useFormats } from '../../text/text.js';
import { Notice } from '../../ui/notice.js';
import { Tabs } from '../../ui/tabs.js';
import type { Check } from './check-value.js';
import { type EditedValue, type OnEdited, withUnreadable } from './edited-value.js';
import { controlOf, withoutNull } from './form-control.js';
import { FormContext } from './form-context.js';
import { JsonField } from './json-field.js';
import { readSchema } from './read-schema.js';
import styles from './schema.module.css';
import { SCHEMA } from './texts.js';
import { ValueField } from './value-field.js';

interface ValueEditorProps {
  /** What the value is, for people. */
  label: string;
  schema: unknown;
  edited: EditedValue;
  onEdited: OnEdited;
  /** What a check has found, once somebody has tried to send it. */
  check: Check | undefined;
}

/**
 * A value for a JSON Schema, as a form or as JSON. Both edit the same value, so that going from one to the other loses nothing:
 * what the form has no field for stays in the value.
 */
export function ValueEditor({ label, schema, edited, onEdited, check }: ValueEditorProps): ReactNode {
  const { text } = useFormats();
  const node = useMemo(() => withoutNull(readSchema(schema)), [schema]);
  const [way, setWay] = useState<string>(controlOf(node) === 'group' ? 'form' : 'json');
  const [isStuck, setStuck] = useState(false);
  const noteUnreadable = useCallback(
    (pointer: string, isUnreadable: boolean) => onEdited((before) => withUnreadable(before, pointer, isUnreadable)),
    [onEdited],
  );
  const state = useMemo(
    () => ({ broken: check?.broken ?? [], isChecked: check !== undefined, noteUnreadable }),
    [check, noteUnreadable],
  );
  const field = {
    name: label,
    pointer: '',
    isRequired: true,
    value: edited.value,
    onValue: (value: EditedValue['value']) => onEdited((before) => ({ ...before, value })),
  };
  const choose = (next: string): void => {
    // The form would show the value of before.
    setStuck(edited.unreadable.length > 0);
    if (edited.unreadable.length === 0) setWay(next);
  };
  return (
    <FormContext value={state}>
      {isStuck && edited.unreadable.length > 0 && <Notice tone="bad">{text(SCHEMA.fixJson)}</Notice>}
      <Tabs
        label={text(SCHEMA.editAs)}
        value={way}
        onValue={choose}
        tabs={[
          {
            value: 'form',
            title: text(SCHEMA.form),
            content: () => (
              <div className={styles['fields']}>
                <ValueField {...field} node={node} />
              </div>
            ),
          },
          { value: 'json', title: text(SCHEMA.json), content: () => <JsonField {...field} node={node} /> },
        ]}
      />
    </FormContext>
  );
}
