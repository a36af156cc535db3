import { Problem } from '../api/problem.js';
import { texts, useFormats } from '../text/text.js';

const RULES = texts('rules', { refused: 'The registry refuses this value: {rule}' });

/** What the registry says against a field, as a sentence; undefined if nothing. */
export function useRuleOf(error: unknown): (field: string) => string | undefined {
  const { text } = useFormats();
  return (field) => {
    if (!(error instanceof Problem)) return undefined;
    const found = error.fields.find((each) => each.field === field || each.field.startsWith(`${field}.`));
    return found && text(RULES.refused, { rule: found.rule });
  };
}

/** Whether everything that the registry says against a request is about these fields, which show it themselves. */
export function isAbout(error: unknown, fields: readonly string[]): boolean {
  return (
    error instanceof Problem &&
    error.fields.length > 0 &&
    error.fields.every(({ field }) => fields.some((name) => field === name || field.startsWith(`${name}.`)))
  );
}
