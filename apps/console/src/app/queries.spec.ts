import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RegistryEvent } from '../api/events.js';
import { newQueryClient, Refresher } from './queries.js';

const KINDS: RegistryEvent['target']['kind'][] = ['gateway', 'verification', 'server', 'key'];

const changed = (kind: RegistryEvent['target']['kind']): RegistryEvent => ({
  id: 1,
  type: 'gateway.changed',
  at: '2026-01-01T00:00:00.000Z',
  actor: { kind: 'administrator', id: '1' },
  target: { kind, id: '1', slug: null },
});

describe('Refresher', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each(KINDS)('reads the numbers of the first screen again after an event of a %s', async (kind) => {
    const queries = newQueryClient();
    queries.setQueryData(['overview'], {});
    new Refresher(queries).note(changed(kind));
    await vi.runOnlyPendingTimersAsync();
    expect(queries.getQueryState(['overview'])?.isInvalidated).toBe(true);
    queries.clear();
  });
});
