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

async function poolOf(size: number, script = READY, onChange: (pool: SlotPool) => void = () => undefined) {
  const dir = await mkdtemp(join(tmpdir(), 'lethe-pool-'));
  const file = join(dir, 'child.cjs');
  await writeFile(file, script);
  const made: Slot[] = [];
  const make = (): Slot => {
    const slot = new Slot(file);
    made.push(slot);
    return slot;
  };
  const pool: SlotPool = new SlotPool(size, make, () => onChange(pool));
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
    expect(await pool.take(0)).toBeUndefined();
    await soon(() => expect(pool.freeSlots).toBe(2));
    expect(made).toHaveLength(2);
    const taken = await pool.take(0);
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
    const first = (await pool.take(0))?.slot;
    expect([...told][0]).toBe(first);
    expect(told.size).toBe(2);
    expect([...told][1]).toBe((await pool.take(0))?.slot);
    for (const slot of made) slot.kill();
  });

  it('replaces a taken slot when the next one is warm, or when there is no next one', async () => {
    const { pool, made } = await poolOf(2, NEVER_WARM);
    await soon(() => expect(pool.freeSlots).toBe(2));
    await pool.take(0);
    expect(made).toHaveLength(2);
    await pool.take(0);
    expect(made).toHaveLength(4);
    for (const slot of made) slot.kill();
  });

  it('gives the next slot that is ready to who has waited for it, and has another one started', async () => {
    const { pool, made } = await poolOf(1);
    const kids = [];
    for (let n = 0; n < 3; n += 1) kids.push((await pool.take(10_000))?.publicKey.kid);
    expect(new Set(kids).size).toBe(3);
    expect(kids).toEqual(made.slice(0, 3).map(({ pid }) => String(pid)));
    await soon(() => expect(pool.freeSlots).toBe(1));
    expect(made).toHaveLength(4);
    for (const slot of made) slot.kill();
  });

  it('lets nobody wait longer than they want, or after it is closed', async () => {
    const { pool } = await poolOf(1, 'setInterval(() => undefined, 1_000)');
    expect(pool.hasNext).toBe(true);
    expect(await pool.take(50)).toBeUndefined();
    const taken = pool.take(60_000);
    pool.close();
    expect(await taken).toBeUndefined();
  });

  it('has no next one while what ended before it was ready waits for its delay, and says so', async () => {
    const seen: boolean[] = [];
    const { pool } = await poolOf(1, 'process.exit(1)', (changed) => seen.push(changed.hasNext));
    await soon(() => expect(seen).toEqual([false]));
    expect(pool.freeSlots).toBe(0);
  });

  it('never gives out a slot twice', async () => {
    const { pool } = await poolOf(3);
    await soon(() => expect(pool.freeSlots).toBe(3));
    const taken = await Promise.all([pool.take(0), pool.take(0), pool.take(0)]);
    const ids = taken.map((ready) => ready?.slot.id);
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
    expect(await pool.take(1_000)).toBeUndefined();
  });
});
