import type { OrderSubject } from '@lethe/contracts';
import { describe, expect, it } from 'vitest';
import { isOlder, isSameTarget } from './receipt-order.js';

const order: OrderSubject = {
  vid: '00000000-0000-4000-8000-000000000001',
  gatewayId: '00000000-0000-4000-8000-000000000002',
  slug: 'crm',
  url: 'https://crm.example/mcp',
  transport: 'streamable-http',
  mappings: [{ header: 'Authorization', required: true, scheme: 'bearer' }],
  configRevision: 3,
  attempt: 5,
};

describe('the age of a receipt', () => {
  const signed = (iat: number, attempt: number) => ({ iat, order: { attempt } });

  it('is decided by the time the connector signed it, whatever the attempt says', () => {
    expect(isOlder(signed(100, 9), signed(101, 1))).toBe(true);
    expect(isOlder(signed(101, 1), signed(100, 9))).toBe(false);
  });

  it('is decided by the attempt within one second', () => {
    expect(isOlder(signed(100, 1), signed(100, 2))).toBe(true);
    expect(isOlder(signed(100, 2), signed(100, 1))).toBe(false);
  });

  it('is not older than itself', () => {
    expect(isOlder(signed(100, 1), signed(100, 1))).toBe(false);
  });
});

describe('the target of a receipt', () => {
  it('is the same for another attempt of the same configuration, in whatever order its members stand', () => {
    const mappings: OrderSubject['mappings'] = [{ scheme: 'bearer', required: true, header: 'Authorization' }];
    const later: OrderSubject = { ...order, vid: 'other', attempt: 6, mappings };
    expect(isSameTarget(order, later)).toBe(true);
  });

  const changes: [what: string, change: Partial<OrderSubject>][] = [
    ['slug, which names the header that callers put the credential in', { slug: 'hr' }],
    ['URL', { url: 'https://evil.example/mcp' }],
    ['configuration', { configRevision: 2 }],
    ['header', { mappings: [{ header: 'X-Api-Key', required: true, scheme: 'bearer' }] }],
    ['scheme', { mappings: [{ header: 'Authorization', required: true }] }],
    ['number of mappings', { mappings: [...order.mappings, { header: 'X-Api-Key' }] }],
  ];
  it.each(changes)('is another one with another %s', (_what, change) => {
    expect(isSameTarget(order, { ...order, ...change })).toBe(false);
  });
});
