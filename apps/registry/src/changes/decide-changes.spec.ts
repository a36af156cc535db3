import { describe, expect, it } from 'vitest';
import { changeKey, type ItemChange } from '../catalogue/item-content.js';
import { decideChanges, digestOfChange, type ReviewRules } from './decide-changes.js';

const changed = (own: string, description: string): ItemChange => {
  const content = (text: string) => ({ definition: { name: own, description: text } });
  return { kind: 'tool', own, change: 'changed', before: content('before'), after: content(description) };
};
const server: ItemChange = { kind: 'server', own: 'server', change: 'added', after: { definition: {} } };
const removed: ItemChange = { kind: 'tool', own: 'gone', change: 'removed', before: { definition: {} } };
const RULES: ReviewRules = { serves: true, drift: 'auto', rejected: new Map(), hiding: new Set() };

function decided(changes: ItemChange[], rules: Partial<ReviewRules> = {}) {
  const { changes: each, review } = decideChanges(changes, { ...RULES, ...rules });
  return [review, ...each.map(({ status }) => status)];
}
const rejecting = (...changes: ItemChange[]) => ({
  rejected: new Map(changes.map((change) => [changeKey(change), digestOfChange(change)])),
});

describe('the changes of a result', () => {
  it('serve at once, or wait where the gateway asks for that and something serves', () => {
    expect(decided([changed('a', 'x')])).toEqual([undefined, 'served']);
    expect(decided([changed('a', 'x'), removed], { drift: 'review' })).toEqual(['drift', 'pending', 'pending']);
    expect(decided([server], { drift: 'review', serves: false })).toEqual([undefined, 'served']);
  });

  it('wait all together when one of them hides something, or the connector says so', () => {
    const both = [changed('a', 'x\u200by'), changed('b', 'x')];
    expect(decided(both)).toEqual(['hidden_text', 'pending', 'pending']);
    expect(decided([changed('a', 'x')], { hiding: new Set(['tool a']) })).toEqual(['hidden_text', 'pending']);
    expect(decided([changed('a', 'x')], { hiding: new Set(['tool other']) })).toEqual([undefined, 'served']);
  });

  it('wait all together when logins would go elsewhere, unless nothing serves or that was rejected', () => {
    const content = (...issuers: string[]) => ({ definition: { authorization: { resource: 'r', issuers } } });
    const moved: ItemChange = { ...server, change: 'changed', before: content('a'), after: content('b') };
    const renamed: ItemChange = {
      ...moved,
      before: content('a'),
      after: { definition: { ...content('a').definition, serverInfo: {} } },
    };
    expect(decided([moved, changed('a', 'x')])).toEqual(['authorization_server_changed', 'pending', 'pending']);
    for (const side of ['before', 'after'] as const)
      expect(decided([{ ...moved, [side]: { definition: {} } }])).toEqual(['authorization_server_changed', 'pending']);
    expect(decided([moved], { drift: 'review' })).toEqual(['authorization_server_changed', 'pending']);
    expect(decided([moved, changed('a', 'x\u200by')])).toEqual(['hidden_text', 'pending', 'pending']);
    expect(decided([renamed])).toEqual([undefined, 'served']);
    expect(decided([moved, changed('a', 'x')], rejecting(moved))).toEqual([undefined, 'rejected', 'served']);
  });

  it('stay rejected until they change', () => {
    const bad = changed('a', 'x\u200by');
    expect(decided([bad, changed('b', 'x')], rejecting(bad))).toEqual([undefined, 'rejected', 'served']);
    expect(decided([bad, removed], { drift: 'review', ...rejecting(bad, removed) })).toEqual([
      ...[undefined, 'rejected', 'rejected'],
    ]);
    expect(decided([changed('a', 'z')], { drift: 'review', ...rejecting(bad) })).toEqual(['drift', 'pending']);
  });

  it('wait when nothing can serve, because what the server says of itself is rejected', () => {
    const added: ItemChange = { ...changed('a', 'x'), change: 'added' };
    expect(decided([server, added], { serves: false, ...rejecting(server) })).toEqual(['drift', 'rejected', 'pending']);
  });
});
