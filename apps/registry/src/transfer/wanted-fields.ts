import type { Type } from '@nestjs/common';
import { canonicalJson } from '@lethe/sealing';
import { type Exported, picked } from './document.js';

/**
 * The request that changes an object from what it is to what a document says; undefined if nothing differs. A field that the
 * document leaves out, and that has no default, is removed.
 */
export function changeTo<T extends object>(
  type: Type<T>,
  now: Exported,
  wanted: object,
  names: readonly string[],
): T | undefined {
  const target = picked(wanted, names);
  const differs = (name: string): boolean => canonicalJson(now[name] ?? null) !== canonicalJson(target[name] ?? null);
  const changed = names.filter((name) => name !== 'slug' && differs(name));
  if (changed.length === 0) return undefined;
  return Object.assign(new type(), Object.fromEntries(changed.map((name) => [name, target[name] ?? null])));
}
