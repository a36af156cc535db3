import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Revision } from './requirement-sets.js';

/** Checks that can't pass, by scenario and id, and why. */
export type Untranslatable = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What `untranslatable.yaml` says about a suite that is run against an upstream of the other era. */
export function untranslatable(revision: Revision): Untranslatable {
  return (read('untranslatable.yaml') as Record<Revision, Untranslatable>)[revision];
}

/** What `unbridged.yaml` says about authorization scenarios that are played through Lethe and a bridge. */
export function unbridged(): Untranslatable {
  return read('unbridged.yaml') as Untranslatable;
}

function read(file: string): unknown {
  return parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
}
