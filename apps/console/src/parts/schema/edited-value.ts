import type { JsonValue } from '@lethe/contracts';
import type { Broken } from './check-value.js';

/** A value that is edited as a form or as JSON. */
export interface EditedValue {
  /** Undefined: left out. */
  value: JsonValue | undefined;
  /** JSON pointers of fields with a text that is not JSON yet: until it is, the value is not what is in sight. */
  unreadable: readonly string[];
}

/** Changes what is edited, beginning with what it is then. */
export type OnEdited = (change: (before: EditedValue) => EditedValue) => void;

/** What a field of a form needs. */
export interface FieldProps<V = JsonValue | undefined> {
  /** What people call it. */
  name: string;
  /** Where it is in the whole value. */
  pointer: string;
  isRequired: boolean;
  value: V;
  onValue: (value: JsonValue | undefined) => void;
}

/** What all fields of a form share. */
export interface FormState {
  broken: readonly Broken[];
  /** Whether what is missing is said, too: after the first try to send it. */
  isChecked: boolean;
  noteUnreadable: (pointer: string, isUnreadable: boolean) => void;
}

/** A value that is edited, with a field noted as readable or not. */
export function withUnreadable(before: EditedValue, pointer: string, isUnreadable: boolean): EditedValue {
  if (before.unreadable.includes(pointer) === isUnreadable) return before;
  const others = before.unreadable.filter((each) => each !== pointer);
  return { ...before, unreadable: isUnreadable ? [...others, pointer] : others };
}
