import { describe, expect, it } from 'vitest';
import { type GatewayFields, toChange } from './edit-fields.js';

const noLimits: GatewayFields['limits'] = { concurrent: '', failures: '', openSeconds: '' };

describe('toChange', () => {
  it('sends nothing that was not changed', () => {
    expect(toChange({})).toEqual({});
    expect(toChange({ name: 'CRM', trustHints: true })).toEqual({ name: 'CRM', trustHints: true });
  });

  it('takes an empty text for none', () => {
    expect(toChange({ description: ' ', tlsCa: '', tags: ' ' })).toEqual({ description: null, tlsCa: null, tags: [] });
    expect(toChange({ limits: noLimits })).toEqual({ limits: null });
  });

  it('reads tags with commas, spaces or both between them', () => {
    expect(toChange({ tags: 'crm,  sales team ,' })).toEqual({ tags: ['crm', 'sales', 'team'] });
  });

  it('fills a breaker up of which one number is typed', () => {
    expect(toChange({ limits: { ...noLimits, concurrent: '8', failures: '3' } })).toEqual({
      limits: { concurrent: 8, breaker: { failures: 3, openSeconds: 10 } },
    });
  });

  it('leaves out what a header does not need', () => {
    const header = { header: ' X-Key ', required: false, scheme: '', query: '' } as const;
    expect(
      toChange({ passthroughHeaders: [header, { ...header, required: true, scheme: 'bearer', query: 'k' }] }),
    ).toEqual({
      passthroughHeaders: [
        { header: 'X-Key' },
        { header: 'X-Key', required: true, scheme: 'bearer', to: { query: 'k' } },
      ],
    });
  });
});
