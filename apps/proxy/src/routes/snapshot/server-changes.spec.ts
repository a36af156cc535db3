import { describe, expect, it } from 'vitest';
import { ServerChanges } from './server-changes.js';

describe('ServerChanges', () => {
  it('tells those who watch this server, until they stop', () => {
    const changes = new ServerChanges();
    const told: string[] = [];
    const stop = changes.subscribe('a', () => told.push('first'));
    changes.subscribe('a', () => told.push('second'));
    changes.subscribe('b', () => told.push('other'));
    changes.announce('a');
    stop();
    changes.announce('a');
    expect(told).toEqual(['first', 'second', 'second']);
  });
});
