import { isObject, parseJson } from '@lethe/mcp';
import { type ReactNode, useContext, useEffect, useState } from 'react';
import { useFormats } from '../../text/text.js';
import { TextArea } from '../../ui/field.js';
import type { FieldProps } from './edited-value.js';
import { FormContext, useFieldError } from './form-context.js';
import type { SchemaNode } from './read-schema.js';
import styles from './schema.module.css';
import { SCHEMA } from './texts.js';

/** A value as JSON. A text that is not JSON yet stays in sight; the value is the last one that was. */
export function JsonField({
  name,
  pointer,
  isRequired,
  value,
  onValue,
  node,
  hint,
}: FieldProps & { node: SchemaNode; hint?: ReactNode }): ReactNode {
  const { text } = useFormats();
  const { noteUnreadable } = useContext(FormContext);
  const [typed, setTyped] = useState('');
  const [isUnreadable, setUnreadable] = useState(false);
  const broken = useFieldError(pointer, node, isRequired && value === undefined);
  useEffect(() => {
    noteUnreadable(pointer, isUnreadable);
    return () => noteUnreadable(pointer, false);
  }, [noteUnreadable, pointer, isUnreadable]);
  const change = (next: string): void => {
    const isEmpty = next.trim() === '';
    const parsed = isEmpty ? undefined : parseJson(next);
    setTyped(next);
    setUnreadable(!isEmpty && parsed === undefined);
    if (isEmpty || parsed !== undefined) onValue(parsed);
  };
  // What was typed stays as it was typed, spaces included, while it means the value that there is.
  const isTyped = isUnreadable || JSON.stringify(typed === '' ? undefined : parseJson(typed)) === JSON.stringify(value);
  const written =
    value === undefined ? '' : JSON.stringify(value, null, isObject(value) || Array.isArray(value) ? 2 : 0);
  return (
    <div className={styles['json']}>
      <TextArea
        label={name}
        hint={hint}
        error={isUnreadable ? text(SCHEMA.badJson) : broken}
        value={isTyped ? typed : written}
        onValue={change}
        spellCheck={false}
      />
    </div>
  );
}
