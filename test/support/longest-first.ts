import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take 20 s or more, the longest first. Without a cache of earlier runs, as in CI, Vitest would go by their sizes. */
const LONGEST = [
  'chaos/faults',
  'e2e/upgrade',
  'e2e/parts-down',
  'e2e/demo',
  'e2e/cli',
  'e2e/nats-cluster',
  'e2e/clean-clone',
  'chaos/connector-crash',
  'e2e/start-order',
  'e2e/operations-pages',
  'conformance/one-replica',
];

/** Begins with the files that take longest, so that none of them is alone at the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}

function placeOf({ moduleId }: TestSpecification): number {
  const place = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.spec.ts`));
  return place === -1 ? LONGEST.length : place;
}
