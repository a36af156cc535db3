import { describe, expect, it } from 'vitest';
import type { NeededHeader } from '@lethe/mcp';
import { headersWith, illegalIn, needsScheme } from './secrets.js';

const header = (more: Partial<NeededHeader>): NeededHeader => ({
  gateway: 'tickets',
  header: 'Authorization',
  exact: 'X-Lethe-Up-Tickets-Authorization',
  short: undefined,
  scheme: undefined,
  required: true,
  variable: 'TICKETS',
  ...more,
});

describe('headersWith', () => {
  it('sends the key as a bearer token, and each credential under the name of its gateway alone', () => {
    const needed = [header({ scheme: 'bearer' }), header({ gateway: 'notes', header: 'X-Key', exact: 'X-Notes-Key' })];
    const secrets = { Authorization: ' key ', [needed[0]?.exact ?? '']: 'one', 'X-Notes-Key': 'two' };
    expect(headersWith(secrets, needed)).toEqual({
      Authorization: 'Bearer key',
      'X-Lethe-Up-Tickets-Authorization': 'Bearer one',
      'X-Notes-Key': 'two',
    });
  });

  it('uses the short form where it is valid, and sends nothing that is empty', () => {
    const needed = [header({ short: 'X-Upstream-Authorization' }), header({ exact: 'X-Other' })];
    expect(headersWith({ [needed[0]?.exact ?? '']: 'Bearer x', 'X-Other': ' ' }, needed)).toEqual({
      'X-Upstream-Authorization': 'Bearer x',
    });
  });

  it('sends no credential of a header that this virtual server does not need', () => {
    expect(headersWith({ 'X-Of-Another-Server': 'secret' }, [header({})])).toEqual({});
  });
});

it('asks for the scheme only where nothing else says it', () => {
  expect([header({}), header({ scheme: 'basic' }), header({ header: 'X-Key' })].map(needsScheme)).toEqual([
    true,
    false,
    false,
  ]);
});

it('names the fields that no header can have', () => {
  expect(illegalIn({ a: 'fine', b: 'two\nlines', c: '', d: 'nul\0' })).toEqual(['b', 'd']);
});
