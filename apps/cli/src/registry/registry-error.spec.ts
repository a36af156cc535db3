import { describe, expect, it } from 'vitest';
import { toRegistryError } from './registry-error.js';

const notesOf = (problem: object) => toRegistryError(409, JSON.stringify({ title: 'No', ...problem })).notes;

describe('an error of the registry', () => {
  it('says what to do where its title does not', () => {
    expect(notesOf({ code: 'keeping_off' })).toEqual([expect.stringContaining('LETHE_KEPT_CREDENTIALS')]);
    expect(notesOf({ code: 'other', retryAfterSeconds: 3 })).toEqual(['retryAfterSeconds: 3']);
  });

  it('says why a rule is one', () => {
    const errors = [{ field: 'credentials', rule: 'not_of_an_open_server' }, { field: 'name', rule: 'required' }]; // prettier-ignore
    expect(notesOf({ code: 'invalid_request', errors })).toEqual([
      expect.stringMatching(/^credentials: not_of_an_open_server: anybody may call/),
      'name: required',
    ]);
  });
});
