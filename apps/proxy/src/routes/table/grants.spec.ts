import type { Grant, ItemKind } from '@lethe/contracts';
import { describe, expect, it } from 'vitest';
import { verifies } from '@test/requirements.js';
import { serverRoutes, type TestGateway } from '@test/support/proxy/server-routes.js';
import { updateOwner } from './resource-owner.js';
import type { VirtualServer } from './virtual-server.js';

const reads = { annotations: { readOnlyHint: true } };
const hinted = (name: string, hint: unknown): NonNullable<TestGateway['items']>[number] => [
  ...(['tool', name, { annotations: { readOnlyHint: hint } as never }] as const),
];
const named = (server: VirtualServer, kind: ItemKind): string[] =>
  [...server.items[kind].values()].map(({ exposed }) => exposed);

describe('what grants allow', () => {
  const filesOf = (grants: Grant[]) =>
    serverRoutes(
      [
        {
          slug: 'files',
          mappings: [],
          items: [
            ...(['f:///open/1', 'f:///open/2', 'f:///shut/1'] as const).map((uri) => ['resource', uri] as ['resource', string]), // prettier-ignore
            ['resourceTemplate', 'f:///open/{+path}'],
            ['resourceTemplate', 'f:///{+path}'],
            ['resourceTemplate', 'f:///shut/{id}'],
          ],
        },
      ],
      { grants },
    );
  const isReadable = (server: VirtualServer, uri: string): boolean => server.resourceAt(uri) !== undefined;

  it('are with a template the resources that match it, and these are in the list', () => {
    verifies('grants.listed-is-callable');
    const seen = filesOf([{ role: '*', names: ['f:///open/{+path}'] }]).seenBy([]);
    expect(named(seen, 'resource')).toEqual(['f:///open/1', 'f:///open/2']);
    expect(isReadable(seen, 'f:///open/a/b')).toBe(true);
    for (const uri of ['f:///shut/1', 'f:///shut/2', 'f:///', 'g:///']) expect(isReadable(seen, uri)).toBe(false);
  });

  it('lead by no template to another template that is denied', () => {
    verifies('grants.denied-is-unknown');
    const seen = filesOf([{ role: '*', names: ['f:///{+path}'] }]).seenBy([]);
    expect(isReadable(seen, 'f:///shut/1')).toBe(true);
    // The text of a template matches another one.
    expect(isReadable(seen, 'f:///shut/{id}')).toBe(false);
    expect([updateOwner(seen, 'f:///shut/1')?.slug, updateOwner(seen, 'f:///shut/{id}')]).toEqual(['files', undefined]);
  });

  it('are URIs that nothing names only with all resources of the gateway', () => {
    const all = filesOf([{ role: '*', kinds: ['resource', 'resourceTemplate'] }]).seenBy([]);
    expect(isReadable(all, 'g:///')).toBe(true);
    for (const grant of [{ kinds: ['resource' as const] }, { names: ['*'] }]) {
      expect(isReadable(filesOf([{ role: '*', ...grant }]).seenBy([]), 'g:///')).toBe(false);
    }
  });

  it('are with readOnly what says so where it is trusted, or of which an administrator says so', () => {
    const items: TestGateway['items'] = [
      ...[hinted('yes', true), hinted('no', false), hinted('text', 'true'), ['tool', 'none'] as ['tool', string]],
      ['tool', 'in-one-era', reads, { legacyDefinition: { name: 'in-one-era' } }],
      ...[['prompt', 'prompt'] as ['prompt', string], ['resource', 'r://'] as ['resource', string]],
    ];
    const seenOf = (more: Partial<TestGateway>) =>
      serverRoutes([{ slug: 'a', mappings: [], items, ...more }], { grants: [{ role: '*', readOnly: true }] }).seenBy(
        [],
      );
    const trusted = seenOf({ trustHints: true });
    expect([named(trusted, 'tool'), named(trusted, 'prompt'), named(trusted, 'resource')]).toEqual([
      ...[['yes'], ['prompt'], ['r://']],
    ]);
    expect(named(seenOf({}), 'tool')).toEqual([]);
    const chosen = { none: true, yes: false, prompt: false };
    expect(named(seenOf({ trustHints: true, readOnly: chosen }), 'tool')).toEqual(['none']);
    expect(named(seenOf({ readOnly: chosen }), 'prompt')).toEqual([]);
  });

  it('are nothing for roles beyond the last bit, and the same server for the same roles', () => {
    const grants = Array.from({ length: 33 }, (_, n) => ({ role: `r${n}`, names: [`t${n}`] }));
    const items = grants.map((_, n) => ['tool', `t${n}`] as ['tool', string]);
    const whole = serverRoutes([{ slug: 'a', mappings: [], items }], { grants });
    const tools = (...roles: string[]) => named(whole.seenBy(roles), 'tool');
    expect([tools('r0'), tools('r30'), tools('r31', 'r32'), tools('r30', 'r1', 'unknown')]).toEqual([
      ...[['t0'], ['t30'], [], ['t1', 't30']],
    ]);
    expect(whole.seenBy(['r1', 'r30'])).toBe(whole.seenBy(['r30', 'r1', '*', 'unknown']));
    expect(whole.seenBy(['r1']).viewKey).not.toBe(whole.seenBy(['r2']).viewKey);
  });

  it('leave out gateways of which nothing is allowed', () => {
    const gateways = ['a', 'b'].map((slug) => ({ slug, mappings: [], items: [['tool', slug] as ['tool', string]] }));
    const whole = serverRoutes(gateways, { grants: [{ role: 'x', gateways: ['a'] }, { role: 'y' }] });
    const slugs = (...roles: string[]) => whole.seenBy(roles).gateways.map(({ slug }) => slug);
    expect([slugs('x'), slugs('y'), slugs()]).toEqual([['a'], ['a', 'b'], []]);
    expect(serverRoutes(gateways).seenBy(['x']).isRestricted).toBe(false);
  });
});
