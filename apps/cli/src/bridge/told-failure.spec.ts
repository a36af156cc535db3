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

  it('is in no text of an upstream', () => {
    const text = asError(rejected);
    const result = { content: [{ type: 'text', text }], structuredContent: rejected };
    expect(toldFailure(JSON.stringify({ jsonrpc: '2.0', id: 1, result }))).toBeUndefined();
    expect(toldFailure(asError({ ...rejected, padding: 'x'.repeat(100_000) }))).toBeUndefined();
  });
});
