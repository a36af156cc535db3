import { describe, expect, it } from 'vitest';
import { type RefusedCall, SeenGateways } from './seen-gateways.js';

const call = { gateway: 'g', method: 'tools/call', own: 'echo', code: -32602 };

/** Whether these refusals, each at its time, tell that an item is unknown. */
async function suspects(refusals: [Partial<RefusedCall>, number?][]): Promise<boolean> {
  const sent: object[] = [];
  const notices = { publish: (_type: object, notice: object) => Promise.resolve(void sent.push(notice)) };
  const seen = new SeenGateways(notices, () => ({ answered: [], failed: [] }));
  for (const [refusal, atMs] of refusals) seen.noteRefusal({ ...call, ...refusal }, atMs);
  await seen.stop();
  return sent.length > 0;
}

describe('refused calls', () => {
  it('tell that an item is unknown where the code says so, or where one item is refused again and again', async () => {
    expect(await suspects([[{ code: -32601 }]])).toBe(true);
    expect(await suspects([[{ code: -32002, method: 'resources/read' }]])).toBe(true);
    expect(await suspects([[{ method: 'resources/read' }]])).toBe(true);
    expect(
      await suspects([
        [{}, 0],
        [{}, 1],
        [{}, 2],
      ]),
    ).toBe(true);
  });

  it('tell nothing where arguments may be what is wrong, or anything else', async () => {
    expect(
      await suspects([
        [{}, 0],
        [{}, 1],
        [{ own: 'other' }, 2],
      ]),
    ).toBe(false);
    expect(
      await suspects([
        [{}, 0],
        [{}, 1],
        [{}, 11 * 60_000],
      ]),
    ).toBe(false);
    expect(await suspects([[{ code: -32603 }], [{ code: 404 }], [{ code: 1 }]])).toBe(false);
  });

  it('are reported in notices that fit', async () => {
    const sent: { answered: string[] }[] = [];
    const notices = { publish: (_type: object, notice: object) => Promise.resolve(void sent.push(notice as never)) };
    const answered = Array.from({ length: 1_500 }, (_, n) => `g${n}`);
    await new SeenGateways(notices, () => ({ answered, failed: ['x'] })).stop();
    expect(sent.map((notice) => notice.answered.length)).toEqual([1_000, 500]);
  });
});
