import { describe, expect, it } from 'vitest';
import { screensNamed, step, toPlace } from './places.js';

const SCREENS = [
  { to: '/catalogue', name: 'Catalogue' },
  { to: '/audit', name: 'Audit log' },
];

describe('places of the palette', () => {
  it('finds screens by any part of the name, those first that begin with it, or have a word that does', () => {
    expect(screensNamed('A', SCREENS).map(({ path }) => path)).toEqual(['/audit', '/catalogue']);
    expect(screensNamed(' LOG ', SCREENS).map(({ path }) => path)).toEqual(['/audit', '/catalogue']);
    expect(screensNamed('nothing', SCREENS)).toEqual([]);
  });

  it('leads to where a gateway, a virtual server and a key are shown', () => {
    const of = { id: 'a b', name: 'n' };
    expect(toPlace({ ...of, kind: 'gateway', slug: 'tickets' }).path).toBe('/gateways/tickets');
    expect(toPlace({ ...of, kind: 'server', slug: 'desk' }).path).toBe('/servers/desk');
    expect(toPlace({ ...of, kind: 'key', slug: undefined }).path).toBe('/keys?key=a%20b');
  });

  it('goes round at both ends, and nowhere in an empty list', () => {
    expect([step(0, -1, 3), step(2, 1, 3), step(0, 1, 3)]).toEqual([2, 0, 1]);
    expect([step(0, 1, 0), step(0, -1, 0)]).toEqual([0, 0]);
  });
});
