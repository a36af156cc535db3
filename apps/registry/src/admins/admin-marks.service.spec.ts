import { MARKS_BUCKET } from '@lethe/contracts';
import { type SnapshotEntry, SnapshotStore, type SnapshotWatch } from '@lethe/messaging';
import { createLogger, LetheError } from '@lethe/platform';
import { testTrust } from '@test/support/trust.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { AdminMarks } from './admin-marks.service.js';

const ID = '0123456789abcdef';
const KEY = `admin-${ID}`;
const at = (version: number) => ({ id: ID, version });

/** A bus that can lose what it has, and be away. */
class LossyStore extends SnapshotStore {
  readonly values = new Map<string, string>();
  isAway = false;
  private onEntry: (entry: SnapshotEntry) => void | Promise<void> = () => undefined;

  async put(_bucket: string, key: string, value: string): Promise<void> {
    if (this.isAway) throw new LetheError('bus_unavailable');
    this.values.set(key, value);
    await this.onEntry({ key, value });
  }

  get(bucket: string, key: string): Promise<string | undefined> {
    return Promise.resolve(bucket === MARKS_BUCKET ? this.values.get(key) : undefined);
  }

  async watch(_bucket: string, onEntry: (entry: SnapshotEntry) => void | Promise<void>): Promise<SnapshotWatch> {
    this.onEntry = onEntry;
    for (const [key, value] of this.values) await onEntry({ key, value });
    return { ready: Promise.resolve(), stop: () => Promise.resolve() };
  }

  async lose(): Promise<void> {
    const keys = [...this.values.keys()];
    this.values.clear();
    for (const key of keys) await this.onEntry({ key, value: undefined });
  }
}

describe('the marks of administrators', () => {
  const trust = testTrust();
  let store: LossyStore;
  const started = async (): Promise<AdminMarks> => {
    const marks = new AdminMarks(store, trust, createLogger('registry', 'silent'));
    await marks.start();
    return marks;
  };
  beforeEach(() => (store = new LossyStore()));

  it('refuse older rows and those of the deleted, also at the next start', async () => {
    const marks = await started();
    expect(marks.allows(at(1))).toBe(true);
    await marks.advance(ID, 3);
    for (const each of [marks, await started()])
      expect([2, 3, 4].map((version) => each.allows(at(version)))).toEqual([false, true, true]);
    await marks.advance(ID, null);
    for (const each of [marks, await started()]) expect(each.allows(at(9))).toBe(false);
  });

  it('are written again if the bus loses them', async () => {
    const marks = await started();
    await marks.advance(ID, 3);
    const before = store.values.get(KEY);
    await store.lose();
    expect(store.values.get(KEY)).toBe(before);
  });

  it('are known to this registry while the bus is away', async () => {
    const marks = await started();
    store.isAway = true;
    await marks.advance(ID, 3);
    expect(marks.allows(at(2))).toBe(false);
  });

  it('are not made by anybody else, and never go back', async () => {
    const marks = await started();
    await marks.advance(ID, 3);
    const older = store.values.get(KEY) ?? '';
    await marks.advance(ID, 4);
    await store.put(MARKS_BUCKET, KEY, older);
    await store.put(MARKS_BUCKET, KEY, JSON.stringify({ version: 9, code: '0'.repeat(64) }));
    await store.put(MARKS_BUCKET, KEY, 'nothing');
    await store.put(MARKS_BUCKET, 'admin-fedcba9876543210', older);
    expect([3, 4].map((version) => marks.allows(at(version)))).toEqual([false, true]);
    expect(marks.allows({ id: 'fedcba9876543210', version: 1 })).toBe(true);
  });
});
