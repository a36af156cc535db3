import type { ItemKind } from '@lethe/contracts';
import { describe, expect, it } from 'vitest';
import type { AssignedName } from '../servers/name-items.js';
import type { ServerDetails } from '../servers/server.view.js';
import { findItem } from './find-item.js';

const named = (kind: ItemKind, exposed: string, gatewayId = 'a', more: Partial<AssignedName> = {}): AssignedName => ({
  ...{ kind, exposed, gatewayId, own: exposed, chosen: false, current: true },
  ...more,
});
const details = (names: AssignedName[], server: Partial<Pick<ServerDetails['server'], 'items' | 'leftOut'>> = {}) => ({
  names,
  server: { items: [], leftOut: [], ...server },
});

describe('an item of a virtual server', () => {
  it('is found by its exposed name, in its own kind alone', () => {
    const all = details([named('tool', 'b-echo', 'b', { own: 'echo' }), named('prompt', 'echo')]);
    expect(findItem(all, 'tool', 'b-echo')).toMatchObject({ item: { gatewayId: 'b', own: 'echo', by: 'name' } });
    expect(findItem(all, 'tool', 'echo')).toEqual({ reason: 'item_unknown', nearest: 'b-echo' });
  });

  it('is found by a template, or at the only gateway with resources, as proxies do', () => {
    const template = named('resourceTemplate', 'file:///{path}');
    const uri = 'file:///x';
    expect(findItem(details([template]), 'resource', 'other:thing')).toMatchObject({ item: { by: 'only_gateway' } });
    const two = details([template, named('resource', 'note://1', 'b')]);
    expect(findItem(two, 'resource', uri)).toMatchObject({ item: { gatewayId: 'a', own: uri, by: 'template' } });
    expect(findItem(two, 'resource', 'note://1')).toMatchObject({ item: { gatewayId: 'b', by: 'name' } });
    expect(findItem(two, 'resource', 'note://2')).toEqual({ reason: 'item_unknown', nearest: 'note://1' });
  });

  it('is missing for a reason', () => {
    const gone = named('tool', 'echo', 'a', { current: false });
    const items = [{ gateway: 'a', kind: 'tool' as const, name: 'echo', enabled: false }];
    expect(findItem(details([gone]), 'tool', 'echo')).toEqual({ reason: 'item_gone', gatewayId: 'a' });
    expect(findItem(details([gone], { items }), 'tool', 'echo')).toEqual({ reason: 'item_off', gatewayId: 'a' });
    expect(findItem(details([], { items }), 'tool', 'echo')).toEqual({ reason: 'item_off', gatewayId: 'a' });
    const whole = { leftOut: [{ gateway: 'a', reason: 'gateway_unverified' as const }] };
    expect(findItem(details([gone], whole), 'tool', 'echo')).toEqual({ reason: 'gateway_unverified', gatewayId: 'a' });
    const clash = { leftOut: [{ gateway: 'b', kind: 'tool' as const, own: 'echo', reason: 'name_clash' as const }] };
    expect(findItem(details([], clash), 'tool', 'echo')).toEqual({ reason: 'name_clash', gatewayId: 'b' });
    expect(findItem(details([named('tool', 'echo')]), 'tool', 'ehco')).toEqual({
      reason: 'item_unknown',
      nearest: 'echo',
    });
  });
});
