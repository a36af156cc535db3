import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Untranslatable } from './describe-suite.js';
import type { Revision } from './requirement-sets.js';

/** What `untranslatable.yaml` says about a suite that is run against an upstream of the other era. */
export function untranslatable(revision: Revision): Untranslatable {
  const file = new URL('untranslatable.yaml', import.meta.url);
  return (parse(readFileSync(file, 'utf8')) as Record<Revision, Untranslatable>)[revision] ?? {};
}
