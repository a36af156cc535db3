import { describe, expect, it } from 'vitest';
import type { Change } from '../../api/reviews.js';
import { decidedChanges, matching } from './review-changes.js';

const change = (name: string, status: Change['status'], what: Change['change'] = 'changed'): Change => ({
  ...{ kind: 'tool', name, change: what, status, changes: [], hidden: [] },
});
const CHANGES = [change('send', 'pending'), change('Search', 'rejected', 'added'), change('old', 'applied', 'removed')];
const names = (changes: readonly Change[]): string[] => changes.map(({ name }) => name);

describe('the changes of a review', () => {
  it('match by a part of the name, by what changed, and by the decision', () => {
    expect(names(matching(CHANGES, {}))).toEqual(['send', 'Search', 'old']);
    expect(names(matching(CHANGES, { q: ' se' }))).toEqual(['send', 'Search']);
    expect(names(matching(CHANGES, { change: 'removed' }))).toEqual(['old']);
    expect(names(matching(CHANGES, { status: 'pending', q: 'e' }))).toEqual(['send']);
  });

  it('are all decided that wait, if none is chosen', () => {
    const { apply, reject, isAll } = decidedChanges(CHANGES, new Set());
    expect([names(apply), names(reject), isAll]).toEqual([['send'], ['send'], true]);
  });

  it('can be applied after they were rejected, but not rejected twice or after they were applied', () => {
    const { apply, reject, isAll } = decidedChanges(CHANGES, new Set(['tool Search', 'tool old', 'tool gone']));
    expect([names(apply), names(reject), isAll]).toEqual([['Search'], [], false]);
  });
});
