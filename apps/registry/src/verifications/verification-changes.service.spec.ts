import { describe, expect, it } from 'vitest';
import { VerificationChanges } from './verification-changes.service.js';

const LONG_MS = 60_000;

describe('VerificationChanges', () => {
  it('wakes the waiters of this verification, and no others', async () => {
    const verifications = new VerificationChanges();
    const woken: string[] = [];
    const [one, other] = [verifications.listen('one'), verifications.listen('other')];
    const both = [one.next(LONG_MS).then(() => woken.push('one')), other.next(20).then(() => woken.push('other'))];
    verifications.announce('one');
    await Promise.all(both);
    expect(woken).toEqual(['one', 'other']);
  });

  it('does not lose a change that was announced before the wait', async () => {
    const verifications = new VerificationChanges();
    const changes = verifications.listen('one');
    verifications.announce('one');
    await changes.next(LONG_MS);
    let isOver = false;
    const again = changes.next(20).then(() => (isOver = true));
    expect(isOver).toBe(false);
    await again;
  });

  it('does not wake a waiter that has stopped', async () => {
    const verifications = new VerificationChanges();
    const changes = verifications.listen('one');
    changes.stop();
    verifications.announce('one');
    const begun = performance.now();
    await changes.next(30);
    expect(performance.now() - begun).toBeGreaterThan(20);
  });
});
