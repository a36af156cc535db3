import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SlotPool } from './slot-pool.js';
import { Slot } from './slot.js';

// A real process that acts like a slot towards the pool: it reports that it is ready, or warm when it is told to be so, and
// exits when its parent is gone.
const NEVER_WARM = `process.on('disconnect', () => process.exit());
process.send({ kind: 'ready', kid: String(process.pid), publicJwk: { kty: 'OKP', crv: 'X25519', x: '' } });`;
const READY = `process.on('message', ({ kind }) => kind === 'warm' && process.send({ kind: 'warmed' }));
${NEVER_WARM}`;

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function poolOf(size: number, script = READY) {
  const dir = await mkdtemp(join(tmpdir(), 'lethe-pool-'));
  const file = join(dir, 'child.cjs');
  await writeFile(file, script);
  const made: Slot[] = [];
  const make = (): Slot => {
    const slot = new Slot(file);
    made.push(slot);
    return slot;
  };
  const pool = new SlotPool(size, make, () => undefined);
  closers.push(
    () => pool.close(),
    () => rm(dir, { recursive: true }),
  );
  pool.fill();
  return { pool, made };
}

const soon = (expectation: () => void): Promise<void> => vi.waitFor(expectation, { timeout: 10_000 });

describe('the pool of slots', () => {
  it('starts the configured number of slots, and another for each that is taken', async () => {
    const { pool, made } = await poolOf(2);
    expect(pool.take()).toBeUndefined();
    await soon(() => expect(pool.freeSlots).toBe(2));
    expect(made).toHaveLength(2);
    const taken = pool.take();
    expect(taken?.publicKey.kid).toBe(String(taken?.slot.pid));
    expect(pool.freeSlots).toBe(1);
    await soon(() => expect(pool.freeSlots).toBe(2));
    expect(made).toHaveLength(3);
    expect(pool.pids).not.toContain(taken?.slot.pid);
    taken?.slot.kill();
  });

  it('warms the first in line, and the next one when that is taken', async () => {
    const { pool, made } = await poolOf(3);
    const told = new Set<Slot>();
    for (const slot of made) vi.spyOn(slot, 'warmUp').mockImplementation(() => Promise.resolve(void told.add(slot)));
    await soon(() => expect(pool.freeSlots).toBe(3));
    expect(told.size).toBe(1);
    const first = pool.take()?.slot;
    expect([...told][0]).toBe(first);
    expect(told.size).toBe(2);
    expect([...told][1]).toBe(pool.take()?.slot);
    for (const slot of made) slot.kill();
  });

  it('replaces a taken slot when the next one is warm, or when there is no next one', async () => {
    const { pool, made } = await poolOf(2, NEVER_WARM);
    await soon(() => expect(pool.freeSlots).toBe(2));
    pool.take();
    expect(made).toHaveLength(2);
    pool.take();
    expect(made).toHaveLength(4);
    for (const slot of made) slot.kill();
  });

  it('never gives out a slot twice', async () => {
    const { pool } = await poolOf(3);
    await soon(() => expect(pool.freeSlots).toBe(3));
    const ids = [pool.take(), pool.take(), pool.take()].map((ready) => ready?.slot.id);
    expect(new Set(ids).size).toBe(3);
  });

  it('replaces a slot whose process died while it waited', async () => {
    const { pool } = await poolOf(1);
    await soon(() => expect(pool.freeSlots).toBe(1));
    const [pid = 0] = pool.pids;
    process.kill(pid, 'SIGKILL');
    await soon(() => expect(pool.freeSlots).toBe(0));
    await soon(() => expect(pool.freeSlots).toBe(1));
    expect(pool.pids).not.toContain(pid);
  });

  it('replaces the last slot only after a while, when its process died', async () => {
    const { pool, made } = await poolOf(1);
    await soon(() => expect(pool.freeSlots).toBe(1));
    process.kill(pool.pids[0] ?? 0, 'SIGKILL');
    await soon(() => expect(pool.freeSlots).toBe(0));
    expect([made.length, pool.pids]).toEqual([1, []]);
  });

  it('does not restart slots in a tight loop when they end before they are ready', async () => {
    const { pool, made } = await poolOf(1, 'process.exit(1)');
    await Promise.all(made.map(({ ended }) => ended));
    expect(await made[0]?.ready).toBeUndefined();
    pool.fill();
    pool.fill();
    expect(made).toHaveLength(1);
  });

  it('leaves no process when it is closed', async () => {
    const { pool, made } = await poolOf(2);
    await soon(() => expect(pool.freeSlots).toBeGreaterThan(0));
    pool.close();
    await Promise.all(made.map(({ ended }) => ended));
    expect(pool.take()).toBeUndefined();
  });
});
