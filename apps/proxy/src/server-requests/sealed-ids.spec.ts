import { describe, expect, it } from 'vitest';
import { testSealer } from '@test/support/trust.js';
import { Session } from '../sessions/sessions.js';
import { SealedIds } from './sealed-ids.js';

describe('SealedIds', () => {
  const ids = new SealedIds(testSealer('request-id'), testSealer('event-id'));
  const [mine, theirs] = ['mine', 'theirs'].map((binding) => new Session('2025-11-25', undefined, [binding])) as [
    Session,
    Session,
  ];

  it.each([0, 7, 'seven', ''])('keeps the upstream’s own id and its type: %j', (own) => {
    const asked = { gateway: 'g', ephemeralSession: undefined, own };
    expect(ids.openRequest(mine, ids.sealRequest(mine, asked))).toEqual(asked);
  });

  it('carries the session that was opened for one call', () => {
    const asked = { gateway: 'g', ephemeralSession: { id: 's-1', version: '2025-06-18' }, own: 1 };
    expect(ids.openRequest(mine, ids.sealRequest(mine, asked))).toEqual(asked);
  });

  it('opens in the session it was given in, and nowhere else', () => {
    const asked = { gateway: 'g', ephemeralSession: undefined, own: 1 };
    expect(ids.openRequest(theirs, ids.sealRequest(mine, asked))).toBeUndefined();
    const resumptionPoint = ids.sealResumptionPoint(mine, { of: 'call', gateway: 'g', id: 'e', request: 1 }) ?? '';
    expect(ids.openResumptionPoint(mine, resumptionPoint)).toBeDefined();
    expect(ids.openResumptionPoint(theirs, resumptionPoint)).toBeUndefined();
  });

  it('never takes one kind of id for another', () => {
    const asked = { gateway: 'g', ephemeralSession: undefined, own: 1 };
    const [request, progress] = [ids.sealRequest(mine, asked), ids.sealProgress(mine, asked)];
    expect(ids.openProgress(mine, request)).toBeUndefined();
    expect(ids.openRequest(mine, progress)).toBeUndefined();
    expect(ids.openResumptionPoint(mine, request)).toBeUndefined();
    expect(ids.openProgress(mine, progress)).toEqual(asked);
    const held = { replica: 'r', id: 'i' };
    const sealed = ids.sealHeld(mine, held);
    expect(ids.openHeld(mine, sealed)).toEqual(held);
    expect(ids.openHeld(theirs, sealed)).toBeUndefined();
    expect(ids.openRequest(mine, sealed)).toBeUndefined();
    for (const other of [request, progress, 7, 'x']) expect(ids.openHeld(mine, other)).toBeUndefined();
  });

  it.each([0, 1, '', 'x', 'v1.a.b'])('takes %j for nobody’s', (id) => {
    expect(ids.openRequest(mine, id)).toBeUndefined();
    expect(ids.openProgress(mine, id)).toBeUndefined();
    expect(ids.openResumptionPoint(mine, String(id))).toBeUndefined();
  });

  it('keeps one place for all upstreams of a session, and fits a header', () => {
    const held = Object.fromEntries(Array.from({ length: 16 }, (_, n) => [`slug-of-gateway-${n}`, 'e'.repeat(256)]));
    const resumptionPoint = { of: 'session', revision: 12, ids: held } as const;
    const sealed = ids.sealResumptionPoint(mine, resumptionPoint) ?? '';
    expect(sealed.length).toBeLessThan(8 * 1024);
    expect(ids.openResumptionPoint(mine, sealed)).toEqual(resumptionPoint);
  });

  it.each(['', 'e'.repeat(257)])('gives no place for an event id that can’t be kept', (id) => {
    expect(ids.sealResumptionPoint(mine, { of: 'call', gateway: 'g', id, request: 1 })).toBeUndefined();
  });
});
