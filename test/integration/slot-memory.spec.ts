import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Slot } from '../../apps/connector/src/slots/slot.js';
import { SlotPool } from '../../apps/connector/src/slots/slot-pool.js';
import { verifies } from '../requirements.js';
import { bundleChild } from '../support/connector/child-bundle.js';
import { eventually } from '../support/eventually.js';
import { privateKibOf, tellsPrivateMemory } from '../support/private-memory.js';

const SLOTS = 4;
/** A slot with all code of a handshake loaded has 3.5 times the memory of a bare process at rest, and 5 times when it is new. */
const MOST = { inLine: 1.8, onAverage: 2.7 };

describe.runIf(tellsPrivateMemory)('the memory of waiting slots', { timeout: 60_000 }, () => {
  let bundle: Awaited<ReturnType<typeof bundleChild>>;
  let pool: SlotPool;
  let bare: ChildProcess;

  beforeAll(async () => {
    bundle = await bundleChild();
    pool = new SlotPool(
      SLOTS,
      () => new Slot(bundle.file),
      () => undefined,
    );
    bare = spawn(process.execPath, ['-e', 'process.send(0); process.on("disconnect", () => process.exit())'], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: {},
    });
    await once(bare, 'message');
  }, 60_000);

  afterAll(async () => {
    pool?.close();
    bare?.kill();
    await bundle?.remove();
  });

  it('is little more than that of a bare Node.js process, but for the one that is warm', async () => {
    verifies('slots.light');
    pool.fill();
    const isFull = (): void => expect(pool.freeSlots).toBe(SLOTS);
    await eventually(isFull, 20_000);
    // A full pool after this has a first in line that is warm.
    (await pool.take(0))?.slot.kill();
    await eventually(isFull, 20_000);
    const unit = privateKibOf(bare.pid ?? 0);
    const times = pool.pids.map((pid) => privateKibOf(pid) / unit).sort((a, b) => a - b);
    expect(times).toHaveLength(SLOTS);
    expect(times.at(-2)).toBeLessThan(MOST.inLine);
    expect(times.reduce((sum, each) => sum + each) / SLOTS).toBeLessThan(MOST.onAverage);
    // The first one has what a handshake needs.
    expect(times.at(-1)).toBeGreaterThan(MOST.inLine);
  });
});
