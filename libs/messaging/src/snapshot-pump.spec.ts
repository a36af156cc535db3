import { describe, expect, it } from 'vitest';
import { SnapshotPump } from './snapshot-pump.js';

describe('SnapshotPump', () => {
  it('hands entries over one at a time and in order', async () => {
    const seen: string[] = [];
    let running = 0;
    const pump = new SnapshotPump('b', async ({ key }) => {
      running += 1;
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(`${key}${running}`);
      running -= 1;
    });
    for (const key of ['a', 'b', 'c']) pump.push({ key, value: 'v' });
    await pump.drained();
    expect(seen).toEqual(['a1', 'b1', 'c1']);
  });

  it('hands nothing over once it was stopped, and waits for what runs', async () => {
    const seen: string[] = [];
    const pump = new SnapshotPump('b', async ({ key }) => {
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(key);
    });
    pump.push({ key: 'a', value: 'v' });
    pump.push({ key: 'b', value: 'v' });
    await Promise.resolve();
    await pump.stop();
    expect(seen).toEqual(['a']);
  });
});
