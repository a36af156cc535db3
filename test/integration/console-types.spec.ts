import { expect, it } from 'vitest';
import { consoleTypes } from '../../scripts/console-types.mjs';
import { RegistryHarness } from '../support/registry/registry-harness.js';

it('the types of the console are those of the admin API (`npm run console:types`)', { timeout: 90_000 }, async () => {
  const harness = await RegistryHarness.start('embedded');
  try {
    const document: unknown = await (await fetch(`${harness.url}/openapi.json`)).json();
    await expect(await consoleTypes(Object(document))).toMatchFileSnapshot('../../apps/console/src/api/schema.ts');
  } finally {
    await harness.stop();
  }
});
