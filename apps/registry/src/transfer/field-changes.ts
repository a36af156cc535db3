import type { JsonObject } from '@lethe/contracts';
import { canonicalJson } from '@lethe/sealing';
import type { FieldChangeView } from './plan.view.js';

/** The fields in which two objects of a document differ, in the order of their names. */
export function fieldChanges(before: JsonObject, after: JsonObject): FieldChangeView[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .toSorted()
    .filter((name) => canonicalJson(before[name] ?? null) !== canonicalJson(after[name] ?? null))
    .map((field) => ({ field, ...given('before', before[field]), ...given('after', after[field]) }));
}

function given(name: 'before' | 'after', value: JsonObject[string] | undefined): Partial<FieldChangeView> {
  return value === undefined ? {} : { [name]: value };
}
