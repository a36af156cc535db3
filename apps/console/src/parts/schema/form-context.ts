import { createContext, useContext } from 'react';
import { useFormats } from '../../text/text.js';
import type { FormState } from './edited-value.js';
import type { SchemaNode } from './read-schema.js';
import { brokenWords } from './schema-words.js';
import { SCHEMA } from './texts.js';

/** What all fields of a form share. */
export const FormContext = createContext<FormState>({
  broken: [],
  isChecked: false,
  noteUnreadable: () => undefined,
});

/** What is wrong with the value of a field, as a sentence. */
export function useFieldError(pointer: string, node: SchemaNode, isMissing: boolean): string | undefined {
  const { broken, isChecked } = useContext(FormContext);
  const { text } = useFormats();
  if (isMissing && isChecked) return text(SCHEMA.missing);
  // That an object lacks something is said at what it lacks.
  const found = broken.find((each) => each.pointer === pointer && each.keyword !== 'required');
  return found && brokenWords(found, node, text);
}
