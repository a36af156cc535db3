import { describe, expect, it } from 'vitest';
import { InFlight } from './mcp-http-server.js';

describe('InFlight', () => {
  it.each([0, 1])(
    'is over, with %i exchanges at the signal, when the answers of the last turn have left',
    async (count) => {
      const inFlight = new InFlight();
      for (let n = 0; n < count; n++) inFlight.begin();
      let hasLeft = false;
      if (count === 0) setImmediate(() => (hasLeft = true));
      const drained = inFlight.drain(60_000);
      if (count > 0) setImmediate(() => (hasLeft = true));
      for (let n = 0; n < count; n++) inFlight.end();
      await drained;
      expect([inFlight.isDraining, hasLeft]).toEqual([true, true]);
    },
  );

  it('is waited for no longer than the limit', async () => {
    const inFlight = new InFlight();
    inFlight.begin();
    await inFlight.drain(1);
    expect(inFlight.isDraining).toBe(true);
  });
});
