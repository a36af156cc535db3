import { describe, expect, it } from 'vitest';
import { differenceText, kindOfMappings } from './credential-kind.js';

describe('the credential of a verification', () => {
  it('is a bearer token where callers send tokens that are bound to a key, and the difference is told', () => {
    const bound = [
      { header: 'Authorization', scheme: 'dpop' as const, required: true },
      { header: 'DPoP', required: true },
      { header: 'X-Tenant' },
    ];
    const kind = kindOfMappings(bound);
    expect(kind).toEqual([{ scheme: 'bearer' }, { header: 'X-Tenant', isOptional: true }]);
    expect(differenceText(kind, bound)).toBe(
      'This verification sends Authorization (bearer), X-Tenant; calls go on sending Authorization (dpop), DPoP, X-Tenant',
    );
  });
});
