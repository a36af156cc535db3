import type { Grant, ServerLimits } from '@lethe/contracts';
import { describe, expect, it } from 'vitest';
import { explainAccess } from './explain-access.js';
import type { GrantedItem } from './grant-rules.js';

const rate = (calls: number) => ({ calls, seconds: 60 });
const grants: Grant[] = [
  { role: 'eng', names: ['write_*'] },
  { role: '*', readOnly: true, kinds: ['tool'] },
  { role: 'files', kinds: ['resourceTemplate'], gateways: ['up'] },
];
const limits: ServerLimits = {
  caller: rate(60),
  tools: [
    { names: ['x'], caller: rate(1) },
    { names: ['write_*'], caller: rate(5) },
  ],
};
const item = (kind: GrantedItem['kind'], exposed: string, isReadOnly = false): GrantedItem => ({
  ...{ kind, exposed, gateway: 'up', isReadOnly },
});

describe('why a caller may use an item', () => {
  it('is the first grant that allows it to any of the roles, with the limits for its calls', () => {
    expect(explainAccess({ grants, limits }, ['eng'], item('tool', 'write_file'))).toEqual({
      ...{ isAllowed: true, why: 'granted', grant: 0 },
      limits: [
        { limit: 'caller', rate: rate(60) },
        { limit: 'tools', at: 1, rate: rate(5) },
      ],
    });
    expect(explainAccess({ grants }, [], item('tool', 'read', true))).toMatchObject({ why: 'granted', grant: 1 });
    expect(explainAccess({ limits }, [], item('prompt', 'p'))).toEqual({
      isAllowed: true,
      why: 'no_grants',
      limits: [],
    });
  });

  it('is a template, for a resource that matches it', () => {
    const template = item('resourceTemplate', 'file:///{x}', true);
    const file = item('resource', 'file:///a', true);
    expect(explainAccess({ grants }, ['files'], file, [template])).toMatchObject({
      why: 'granted_by_template',
      grant: 2,
    });
    expect(explainAccess({ grants }, ['eng'], file, [template])).toMatchObject({
      isAllowed: false,
      why: 'not_granted',
    });
  });

  it('is nothing, if no grant allows it', () => {
    const denied = { isAllowed: false, why: 'not_granted', limits: [] };
    expect(explainAccess({ grants, limits }, [], item('tool', 'write_file'))).toEqual(denied);
    expect(explainAccess({ grants: [] }, ['eng'], item('tool', 'read', true))).toEqual(denied);
  });
});
