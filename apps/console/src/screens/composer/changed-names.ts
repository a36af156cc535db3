import type { Draft } from '../../editing/use-draft.js';
import { useFormats } from '../../text/text.js';
import type { ServerDraft } from './server-draft.js';
import { FIELD } from './texts.js';

/** What people call the fields that are changed and not published. */
export function useChangedNames({ changed }: Draft<ServerDraft>): string[] {
  const { text } = useFormats();
  return changed.map((field) => text(FIELD[field]));
}
