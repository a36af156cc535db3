import { describe, expect, it } from 'vitest';
import { CliError } from './errors/cli.error.js';
import { grantOf, roleName } from './grant-flags.js';

const codeOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error instanceof CliError ? error.code : error;
  }
};

describe('--grant', () => {
  it.each([
    ['eng=*', { role: 'eng' }],
    ['everyone=read-only', { role: '*', readOnly: true }],
    ['*=read-only', { role: '*', readOnly: true }],
    ['ops=write_*,delete_?', { role: 'ops', names: ['write_*', 'delete_?'] }],
    ['a=file:///x?y=1', { role: 'a', names: ['file:///x?y=1'] }],
    ['eng', 'grant_illegal'],
    ['=*', 'grant_illegal'],
    ['eng=', 'grant_illegal'],
    ['eng=a,,b', 'grant_illegal'],
    [`eng=${'*'.repeat(9)}`, 'grant_illegal'],
    ['a b=*', 'role_illegal'],
  ])('%s', (text, grant) => {
    expect(codeOf(() => grantOf(text))).toEqual(grant);
  });

  it('takes roles as keys have them', () => {
    expect(['eng', 'a:b/c@d.e-f_g', '1'].map(roleName)).toEqual(['eng', 'a:b/c@d.e-f_g', '1']);
    for (const role of ['', '*', '-a', 'a b', 'x'.repeat(65)])
      expect(codeOf(() => roleName(role))).toBe('role_illegal');
  });
});
