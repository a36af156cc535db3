import type { Found } from '../../api/found.js';

/** Somewhere to go. */
export interface Place {
  key: string;
  kind: 'screen' | Found['kind'];
  name: string;
  /** What tells it from others of the same name. */
  detail: string | undefined;
  /** Below `/console`. */
  path: string;
}

/** Screens whose name has the text, those that begin with it first, then those with a word that does. */
export function screensNamed(text: string, screens: readonly { to: string; name: string }[]): Place[] {
  const wanted = text.trim().toLowerCase();
  return screens
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .toSorted((a, b) => rank(a.name, wanted) - rank(b.name, wanted))
    .map(({ to, name }) => ({ key: `screen ${to}`, kind: 'screen', name, detail: undefined, path: to }));
}

/** What was found, with where it is shown. */
export function toPlace({ kind, id, name, slug }: Found): Place {
  return { key: `${kind} ${id}`, kind, name, detail: slug, path: pathOf(kind, slug ?? id) };
}

/** Whether the name of a place, or what tells it from others, has the text. */
export function hasText({ name, detail }: Place, text: string): boolean {
  return `${name} ${detail ?? ''}`.toLowerCase().includes(text.trim().toLowerCase());
}

function pathOf(kind: Found['kind'], ref: string): string {
  if (kind === 'key') return `/keys?key=${encodeURIComponent(ref)}`;
  return `${kind === 'gateway' ? '/gateways' : '/servers'}/${encodeURIComponent(ref)}`;
}

function rank(name: string, wanted: string): number {
  const text = name.toLowerCase();
  if (text.startsWith(wanted)) return 0;
  return text.includes(` ${wanted}`) ? 1 : 2;
}

/** The place after or before one in a list that goes round. */
export function step(at: number, by: 1 | -1, count: number): number {
  return count === 0 ? 0 : (at + by + count) % count;
}
