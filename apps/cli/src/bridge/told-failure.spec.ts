import { describe, expect, it } from 'vitest';
import { toldFailure } from './told-failure.js';

const rejected = { reason: 'upstream_rejected_credential', gateway: 'wiki', httpStatus: 401 };
const asError = (data: object): string =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, error: { code: 1304, message: 'x', data } });
const asResult = (data: object): string =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, result: { content: [], isError: true, _meta: { 'lethe/error': data } } });

describe('what Lethe tells of a credential', () => {
  it.each([asError, asResult])('is found in an error and in the result of a tool', (told) => {
    expect(toldFailure(told(rejected))).toMatchObject({ why: 'rejected', gateway: 'wiki', isAboutToken: true });
    expect(toldFailure(told({ ...rejected, httpStatus: 403 }))).toMatchObject({ isAboutToken: false });
    const challenge = { scheme: 'dpop', error: 'invalid_dpop_proof' };
    expect(toldFailure(told({ ...rejected, challenge }))).toMatchObject({ isAboutToken: false });
    expect(toldFailure(told({ reason: 'credential_required', gateway: 'wiki' }))).toMatchObject({ why: 'missing', isAboutToken: true });
  }); // prettier-ignore

  it('is that a login has to be for more, where the upstream says what for in words that no shell makes anything of', () => {
    const scoped = (scope: string, error = 'insufficient_scope') =>
      toldFailure(asResult({ ...rejected, httpStatus: 403, challenge: { scheme: 'Bearer', error, scope } }));
    const scope = 'issues:write https://api.example/auth/drive.readonly';
    expect(scoped(scope)).toMatchObject({ why: 'scope', isAboutToken: true, scope });
    expect(scoped(scope, 'invalid_token')).toMatchObject({ why: 'rejected', isAboutToken: false });
    for (const hostile of ['', '$(id)', '`id`', 'a;id', "a' b", 'a  b', '--store', 'a!b', 'x'.repeat(2_000)]) {
      expect(scoped(hostile)).toMatchObject({ why: 'rejected', isAboutToken: false });
    }
  });

  it('is in no text of an upstream', () => {
    const text = asError(rejected);
    const result = { content: [{ type: 'text', text }], structuredContent: rejected };
    expect(toldFailure(JSON.stringify({ jsonrpc: '2.0', id: 1, result }))).toBeUndefined();
    expect(toldFailure(asError({ ...rejected, padding: 'x'.repeat(100_000) }))).toBeUndefined();
  });
});
