import { afterEach, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { realPartsAvailable } from '../support/real-parts.js';
import { type SeparateParts, type StartedService, startSeparateParts } from '../support/separate.js';

const isReady = async ({ url }: StartedService) => (await fetch(`${url}/readyz`)).status === 200;

describe.runIf(realPartsAvailable())('services that start in any order', () => {
  let parts: SeparateParts | undefined;
  const started: StartedService[] = [];

  afterEach(async () => {
    await Promise.all(started.splice(0).map(({ process }) => process.stop()));
    await parts?.close();
  });

  it('are all ready soon after the last one, though nothing was ever published', async () => {
    verifies('start.any-order');
    parts = await startSeparateParts();
    const [connector, proxy] = await Promise.all([parts.start('connector'), parts.start('proxy')]);
    started.push(connector, proxy);
    expect(await isReady(proxy)).toBe(false);
    const registry = await parts.start('registry');
    started.push(registry);
    await eventually(async () => {
      expect(await Promise.all(started.map(isReady))).toEqual([true, true, true]);
    }, 12_000);
  }, 90_000);
});
