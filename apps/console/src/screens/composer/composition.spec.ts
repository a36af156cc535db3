import { describe, expect, it } from 'vitest';
import type { GatewayItem } from '../../api/gateway-items.js';
import { type Catalogue, composeDraft, isOn } from './composition.js';
import type { IncludeRule, ItemPick } from './server-draft.js';

const hints = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true };
const item = (name: string, more: Partial<GatewayItem> = {}): GatewayItem => ({
  kind: 'tool',
  name,
  title: '',
  description: '',
  tags: [],
  hints: [],
  stale: false,
  ...more,
});
const TICKETS: Catalogue = {
  slug: 'tickets',
  tags: ['support'],
  trustHints: true,
  items: [item('search', { hints: [hints] }), item('open_ticket', { tags: ['write'] }), item('close_ticket')],
};
const WIKI: Catalogue = { slug: 'wiki', tags: [], trustHints: false, items: [item('search', { hints: [hints] })] };

function names(include: IncludeRule[], items: ItemPick[] = []): string[] {
  const composed = composeDraft({ items, include, maxNameLength: 64 }, [TICKETS, WIKI], []);
  return composed.items.filter(isOn).map(({ gateway, name }) => `${gateway}: ${name?.exposed ?? '?'}`);
}

describe('what a draft takes', () => {
  it.each([
    ['everything of a gateway', { gateway: 'tickets' }, ['search', 'open_ticket', 'close_ticket']],
    ['by a tag of gateways', { gatewayTags: ['support'], names: ['*_ticket'] }, ['open_ticket', 'close_ticket']],
    ['of a named gateway only with the tag', { gateway: 'tickets', gatewayTags: ['other'] }, []],
    ['by a tag of items', { gateway: 'tickets', tags: ['write'] }, ['open_ticket']],
    ['by kind', { gateway: 'tickets', kinds: ['prompt'] satisfies IncludeRule['kinds'] }, []],
    ['by hints that are trusted', { gateway: 'tickets', annotations: { readOnlyHint: true } }, ['search']],
    ['by no hints that are not trusted', { gateway: 'wiki', annotations: { readOnlyHint: true } }, []],
  ])('%s', (_what, rule, expected) => {
    expect(names([rule])).toEqual(expected.map((name) => `tickets: ${name}`));
  });

  it('is first the list, then what rules add, each once', () => {
    const listed = { gateway: 'wiki', kind: 'tool', name: 'search', as: 'find' } as const;
    expect(names([{ gateway: 'wiki' }, { gateway: 'tickets', names: ['search'] }], [listed])).toEqual([
      'wiki: find',
      'tickets: search',
    ]);
  });

  it('is not what is switched off, whatever takes it', () => {
    const off = { gateway: 'tickets', kind: 'tool', name: 'search', enabled: false } as const;
    expect(names([{ gateway: 'tickets' }], [off])).toEqual(['tickets: open_ticket', 'tickets: close_ticket']);
  });

  it('does not include what a gateway does not have, and says so', () => {
    const gone = { gateway: 'wiki', kind: 'tool', name: 'gone' } as const;
    const composed = composeDraft({ items: [gone], include: [], maxNameLength: 64 }, [WIKI], []);
    expect(composed.items).toEqual([]);
    expect(composed.unknown).toEqual([gone]);
  });
});
