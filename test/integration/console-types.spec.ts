import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { consoleTypes } from '../../scripts/console-types.mjs';
import { RegistryHarness } from '../support/registry/registry-harness.js';

const TYPES = fileURLToPath(new URL('../../apps/console/src/api/schema.ts', import.meta.url));

let harness: RegistryHarness;
beforeAll(async () => {
  harness = await RegistryHarness.start('embedded');
});
afterAll(() => harness?.stop());

it('the console is built with the types of the admin API as it is (`npm run console:types` makes them anew)', async () => {
  const document: unknown = await (await fetch(`${harness.url}/openapi.json`)).json();
  if (typeof document !== 'object' || document === null) throw new Error('no document');
  await expect(await consoleTypes(document)).toMatchFileSnapshot(TYPES);
});
