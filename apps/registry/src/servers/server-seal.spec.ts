import { randomBytes } from 'node:crypto';
import { RowsMac } from '@lethe/sealing';
import { describe, expect, it } from 'vitest';
import { isServerGenuine, sealServer } from './server-seal.js';
import { VirtualServer } from './server.entity.js';

const rows = new RowsMac([{ kid: 'k', secret: randomBytes(32) }]);

describe('the authentication code of a virtual server', () => {
  const content = { id: 'i', slug: 's', access: 'key' as const, shortForm: {}, items: [], include: [] };
  const server = Object.assign(new VirtualServer(), {
    ...content,
    eras: 'auto' as const,
    liveSlug: 's',
    deletedAt: null,
  });

  it('stays valid for a row that was sealed before it had eras', () => {
    server.mac = rows.tag('row:server', { ...content, liveSlug: 's', deletedAt: null });
    expect(isServerGenuine(rows, server)).toBe(true);
  });

  it('covers eras that an administrator chose', () => {
    const chosen = Object.assign(new VirtualServer(), server, { eras: 'both' as const });
    expect(isServerGenuine(rows, chosen)).toBe(false);
    sealServer(rows, chosen);
    expect(isServerGenuine(rows, chosen)).toBe(true);
    expect(isServerGenuine(rows, Object.assign(new VirtualServer(), chosen, { eras: 'auto' as const }))).toBe(false);
  });

  it('is another one for rules that an older registry would take for wider ones', () => {
    const older = (include: object[]) =>
      rows.tag('row:server', { ...content, liveSlug: 's', deletedAt: null, include });
    const plain = [{ gateway: 'g', kinds: ['tool' as const], names: ['a*'] }];
    expect(
      isServerGenuine(rows, Object.assign(new VirtualServer(), server, { include: plain, mac: older(plain) })),
    ).toBe(true);
    for (const narrow of [{ gatewayTags: ['a'] }, { tags: ['a'] }, { annotations: { readOnlyHint: true } }]) {
      const include = [{ gateway: 'g', ...narrow }];
      const row = Object.assign(new VirtualServer(), server, { include, mac: older(include) });
      expect(isServerGenuine(rows, row)).toBe(false);
      sealServer(rows, row);
      expect(isServerGenuine(rows, row)).toBe(true);
    }
  });
});
