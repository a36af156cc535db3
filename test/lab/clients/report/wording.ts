import { stripVTControlCharacters } from 'node:util';
import type { Outcome } from '../client.js';

const LENGTH = 320;
const NOTHING = '(nothing)';

/** What a person or a model sees of a run that could not succeed: the result of the call, else what was printed about it. */
export function seenIn({ results, said }: Outcome, hidden: Hidden): string {
  const [result] = results;
  const text = result === undefined ? complaintsIn(said) : stringsIn(result);
  return tidy(text, hidden) || NOTHING;
}

/** What differs from machine to machine, or is secret. */
export interface Hidden {
  secrets: readonly string[];
  home: string;
  packages: string;
}

/** The lines of an output that sound like a failure. */
function complaintsIn(said: string): string {
  const lines = said.split('\n').filter((line) => COMPLAINT.test(line) && !NOISE.test(line));
  return [...new Set(lines)].slice(0, 3).join(' ');
}

const COMPLAINT = /[✗✖]|\b(?:401|error|rejected|fail\w*|unauthor\w*|credential\w*|refused|disconnected|authenti\w*)\b/i;
/** Said in every run, about something else. */
const NOISE = /ripgrep|EACCES|model metadata|deprecat|warning: proceeding/i;

/** The strings of a JSON text; the text itself if it is none. */
function stringsIn(text: string): string {
  try {
    const found: string[] = [];
    JSON.parse(text, (key, value: unknown) => {
      if (typeof value === 'string' && key !== 'type') found.push(value);
      return value;
    });
    return found.join(' ');
  } catch {
    return text;
  }
}

/** One line without what differs from run to run, and without secrets. */
function tidy(text: string, { secrets, home, packages }: Hidden): string {
  const clean = secrets
    .reduce((rest, secret) => rest.replaceAll(secret, '…'), stripVTControlCharacters(text))
    .replaceAll(home, '~')
    .replaceAll(packages, '…')
    .replaceAll(/\d+\.\d+ seconds/g, '… seconds')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:4500')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, '…')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return clean.length > LENGTH ? `${clean.slice(0, LENGTH)} …` : clean;
}

/** A text as code in Markdown, also in a table. */
export function code(text: string): string {
  const fence = text.includes('`') ? '``' : '`';
  return `${fence}${text.replaceAll('|', '\\|')}${fence}`;
}
