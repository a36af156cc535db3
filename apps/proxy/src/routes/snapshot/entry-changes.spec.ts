import { describe, expect, it } from 'vitest';
import { EntryChanges } from './entry-changes.js';

describe('EntryChanges', () => {
  it('notifies the listeners of this server, until they stop', () => {
    const changes = new EntryChanges();
    const notified: string[] = [];
    const stop = changes.subscribe('a', () => notified.push('first'));
    changes.subscribe('a', () => notified.push('second'));
    changes.subscribe('b', () => notified.push('other'));
    changes.announce('a');
    stop();
    changes.announce('a');
    expect(notified).toEqual(['first', 'second', 'second']);
  });
});
