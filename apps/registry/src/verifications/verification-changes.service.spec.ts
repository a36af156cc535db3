import { describe, expect, it } from 'vitest';
import { VerificationChanges } from './verification-changes.service.js';

const LONG_MS = 60_000;

describe('VerificationChanges', () => {
  it('wakes whoever waits for this verification, and nobody else', async () => {
    const ends = new VerificationChanges();
    const woken: string[] = [];
    const [one, other] = [ends.listen('one'), ends.listen('other')];
    const both = [one.next(LONG_MS).then(() => woken.push('one')), other.next(20).then(() => woken.push('other'))];
    ends.announce('one');
    await Promise.all(both);
    expect(woken).toEqual(['one', 'other']);
  });

  it('does not lose what was announced while nobody waited', async () => {
    const ends = new VerificationChanges();
    const changes = ends.listen('one');
    ends.announce('one');
    await changes.next(LONG_MS);
    let isOver = false;
    const again = changes.next(20).then(() => (isOver = true));
    expect(isOver).toBe(false);
    await again;
  });

  it('wakes nobody who has stopped', async () => {
    const ends = new VerificationChanges();
    const changes = ends.listen('one');
    changes.stop();
    ends.announce('one');
    const begun = performance.now();
    await changes.next(30);
    expect(performance.now() - begun).toBeGreaterThan(20);
  });
});
