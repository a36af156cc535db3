import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Revision } from './requirement-sets.js';

/** Checks that can't pass, by scenario and id, and why. */
export type Untranslatable = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What `untranslatable.yaml` says about a suite that is run against an upstream of the other era. */
export function untranslatable(revision: Revision): Untranslatable {
  const file = new URL('untranslatable.yaml', import.meta.url);
  return (parse(readFileSync(file, 'utf8')) as Record<Revision, Untranslatable>)[revision];
}
