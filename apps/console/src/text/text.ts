import { type PrimitiveType, useIntl } from 'react-intl';

/** A text of the console: its id and its English, in ICU MessageFormat. */
export interface Message {
  id: string;
  defaultMessage: string;
}

/** Messages by their names within a screen. */
export type Texts<Name extends string> = Record<Name, Message>;
/** Values for the placeholders of a message. */
export type Values = Record<string, PrimitiveType>;

/**
 * Names the texts of a screen: `texts('home', { title: 'Home' })` has the id `home.title`. The texts are English in ICU
 * MessageFormat; a translation is a table of ids (see apps/console/README.md).
 */
export function texts<Name extends string>(screen: string, english: Record<Name, string>): Texts<Name> {
  const found: Partial<Texts<Name>> = {};
  for (const name in english) found[name] = { id: `${screen}.${name}`, defaultMessage: english[name] };
  if (!hasAll(found, english)) throw new Error(`${screen} has a text without English`);
  return found;
}

function hasAll<Name extends string>(found: Partial<Texts<Name>>, english: Record<Name, string>): found is Texts<Name> {
  return Object.keys(english).every((name) => name in found);
}

/** Formats messages, numbers and times in the language of the page. */
export interface Formats {
  text: (message: Message, values?: Values) => string;
  number: (value: number) => string;
  /** A moment as date and time. */
  time: (iso: string) => string;
  /** A moment of today or yesterday as its time, to the minute. */
  clock: (iso: string) => string;
  /** How long ago or until then: `3 minutes ago`. */
  since: (iso: string, nowMs?: number) => string;
  /** Names as a list: `a, b and c`. */
  list: (names: readonly string[]) => string;
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** The formats of the language of the page. */
export function useFormats(): Formats {
  const intl = useIntl();
  return {
    text: (message, values) => intl.formatMessage(message, values),
    number: (value) => intl.formatNumber(value),
    time: (iso) => intl.formatDate(iso, { dateStyle: 'medium', timeStyle: 'medium' }),
    clock: (iso) => intl.formatTime(iso, { hour: '2-digit', minute: '2-digit' }),
    since: (iso, nowMs = Date.now()) => {
      const seconds = Math.round((Date.parse(iso) - nowMs) / 1_000);
      const [unit, size] = STEPS.find(([, step]) => Math.abs(seconds) >= step) ?? ['second', 1];
      return intl.formatRelativeTime(Math.trunc(seconds / size), unit, { numeric: 'auto' });
    },
    list: (names) => intl.formatList([...names], { type: 'conjunction' }),
  };
}
