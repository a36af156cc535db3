import { randomUUID } from 'node:crypto';
import { type Bucket, BUCKETS, KeptCredentialRefused, type ServerManifest } from '@lethe/contracts';
import { createLogger } from '@lethe/platform';
import { verifies } from '@test/requirements.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KeptGateways } from '../routes/table/kept-gateways.js';
import { KeptRefusals } from './kept-refusals.js';

const HOUR_MS = 3_600_000;

describe('what a proxy refuses of kept credentials', () => {
  beforeEach(() => {
    verifies('kept.refusals-audited');
    vi.useFakeTimers();
  });
  afterEach(() => void vi.useRealTimers());

  /** Refusals of a proxy that tells everybody, and what it told. */
  function refusing(manifests: Record<string, ServerManifest> = {}) {
    const told: string[] = [];
    const kept = new KeptGateways(undefined, { allowed: [] });
    let reject: (bucket: Bucket, key: string, reason: 'older' | 'refused') => void = () => undefined;
    const refusals = new KeptRefusals(
      {
        replica: 'a-host/0a',
        table: { kept, manifest: (slug) => manifests[slug] },
        onRejected: (rejected) => void (reject = rejected),
      },
      {
        publish: (type, payload) => {
          const { code, gatewayId, proxy } = Object.assign(new KeptCredentialRefused(), payload);
          expect([type, proxy]).toEqual([KeptCredentialRefused, 'a-host/0a']);
          told.push(`${code} ${gatewayId}`);
          return Promise.resolve();
        },
      },
      createLogger('proxy', 'silent'),
    );
    refusals.start();
    const counted = () => told.splice(0).length;
    return { kept, told, counted, refusals, reject: (...each: Parameters<typeof reject>) => reject(...each) };
  }

  it('is told once, and again each hour for half a day', async () => {
    const { reject, counted } = refusing();
    const id = randomUUID();
    for (let n = 0; n < 100; n += 1) reject(BUCKETS.kept, id, 'refused');
    await vi.advanceTimersByTimeAsync(HOUR_MS - 5_000);
    expect(counted()).toBe(1);
    await vi.advanceTimersByTimeAsync(23 * HOUR_MS);
    expect(counted()).toBe(11);
  });

  it('is not told of what is no gateway, and of so many at once and in all only', async () => {
    const { reject, counted } = refusing();
    for (const key of ['a', '../x', 'A'.repeat(36)]) reject(BUCKETS.kept, key, 'refused');
    reject(BUCKETS.callers, randomUUID(), 'refused');
    for (let n = 0; n < 2_000; n += 1) reject(BUCKETS.kept, randomUUID(), 'refused');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(counted()).toBeLessThanOrEqual(40);
    await vi.advanceTimersByTimeAsync(60 * 60_000 - 60_000);
    expect(counted()).toBeGreaterThan(900);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(counted()).toBe(0);
  });

  it('is told of the gateways of a manifest that was rejected, when the genuine one has arrived', async () => {
    const id = randomUUID();
    const manifests: Record<string, ServerManifest> = {};
    const { reject, told } = refusing(manifests);
    reject(BUCKETS.servers, 's', 'older');
    reject(BUCKETS.servers, 'never', 'older');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(told).toEqual([]);
    // Only what is looked at.
    manifests['s'] = { access: 'key', grants: [], credentials: { up: 'kept' }, gateways: [{ id, slug: 'up', credential: 'kept' }] } as unknown as ServerManifest; // prettier-ignore
    await vi.advanceTimersByTimeAsync(2_000);
    expect(told).toEqual([`manifest_older ${id}`]);
  });

  it('is not told if it was replaced at once, or is for administrators alone', async () => {
    const { kept, counted } = refusing();
    // Nothing is held for this gateway, so it does not last.
    kept.refusals.tell(randomUUID(), 'kept_unbound', 1);
    kept.refusals.tell(randomUUID(), 'kept_query_taken', 1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(counted()).toBe(0);
  });

  it('is told no more at the end', async () => {
    const { reject, counted, refusals } = refusing();
    refusals.stop();
    reject(BUCKETS.kept, randomUUID(), 'refused');
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    expect(counted()).toBe(0);
  });
});
