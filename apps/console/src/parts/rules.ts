import { Problem } from '../api/problem.js';
import { type Formats, type Message, texts, useFormats } from '../text/text.js';

const RULES = texts('rules', {
  min: 'The number is too small.',
  max: 'The number is too large.',
  integer: 'This has to be a whole number.',
  min_length: 'Please fill this in.',
  max_length: 'This is too long.',
  pattern: 'This has a sign that is not allowed here, or another form than it should.',
  max_items: 'These are too many.',
  unique_items: 'One of these is there twice.',
  gateway_unknown: 'There is no such gateway.',
  owner_does_not_map_header: 'This gateway does not get this header.',
  other: 'The registry does not take this: {rule}.',
});
const BY_NAME: ReadonlyMap<string, Message> = new Map(Object.entries(RULES));

/** A rule of the admin API as a sentence. */
export function ruleText(rule: string, text: Formats['text']): string {
  return text(BY_NAME.get(rule) ?? RULES.other, { rule });
}

/** What the registry says against a field and what is in it, in sentences; undefined if nothing. */
export function useRuleOf(error: unknown): (field: string) => string | undefined {
  const { text } = useFormats();
  return (field) => rulesAt(error, field, text);
}

/** What the registry says against a field and what is in it, in sentences; undefined if nothing. */
export function rulesAt(error: unknown, at: string, text: Formats['text']): string | undefined {
  if (!(error instanceof Problem)) return undefined;
  const broken = error.fields.filter(({ field }) => field === at || field.startsWith(`${at}.`));
  const said = [...new Set(broken.map(({ rule }) => ruleText(rule, text)))];
  return said.length === 0 ? undefined : said.join(' ');
}

/** Whether everything that the registry says against a request is about these fields, which show it themselves. */
export function isAbout(error: unknown, fields: readonly string[]): boolean {
  return (
    error instanceof Problem &&
    error.fields.length > 0 &&
    error.fields.every(({ field }) => fields.some((name) => field === name || field.startsWith(`${name}.`)))
  );
}
