import { describe, expect, it } from 'vitest';
import { newSecret, readSecret } from './secrets.js';

describe('a new secret', () => {
  it('is read back from its token', () => {
    const { id, secret, token } = newSecret('lethe_key');
    expect(token).toBe(`lethe_key_${id}_${secret}`);
    expect(readSecret('lethe_key', token)).toEqual({ id, secret });
  });

  it('is read back whatever characters it drew', () => {
    for (let round = 0; round < 500; round += 1) {
      const { id, secret, token } = newSecret('lethe_admin');
      expect(readSecret('lethe_admin', token)).toEqual({ id, secret });
    }
  });

  it.each(['', 'lethe_key_', 'lethe_key_abc_def', newSecret('lethe_admin').token, `${newSecret('lethe_key').token} `])(
    'is not %o',
    (token) => {
      expect(readSecret('lethe_key', token)).toBeUndefined();
    },
  );
});
