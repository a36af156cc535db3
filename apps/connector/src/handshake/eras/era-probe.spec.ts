import type { JsonObject } from '@lethe/contracts';
import { describe, expect, it } from 'vitest';
import { eraFromProbe } from './era-probe.js';
import { failureOfResponse } from '../client/http-status.js';

const error = (code: number, data?: JsonObject): JsonObject => ({
  jsonrpc: '2.0',
  id: 1,
  error: { code, message: 'no', ...(data === undefined ? {} : { data }) },
});

describe('an unsuccessful probe', () => {
  it.each<[string, JsonObject | undefined]>([
    ['no JSON at all', undefined],
    ['a legacy server that wants initialize first', error(-32000)],
    ['an unknown method', error(-32601)],
    ['-32001, which legacy servers use for lost sessions', error(-32001)],
    ['a header mismatch', error(-32020)],
    ['a missing capability', error(-32021)],
    ['a discover result that we cannot use', { jsonrpc: '2.0', id: 1, result: { nothing: true } }],
    ['an unsupported version that names legacy ones', error(-32022, { supported: ['2025-11-25', '2030-01-01'] })],
    ['an unsupported version that names none', error(-32022)],
  ])('%s: the legacy era may be tried', (_what, message) => {
    expect(eraFromProbe({ httpStatus: 400, message })).toBe('legacy');
  });

  it('with a result that lists our version comes from a modern server, whatever is wrong with the rest', () => {
    const of = (supportedVersions: JsonObject[string]): JsonObject => ({ id: 1, result: { supportedVersions } });
    expect(eraFromProbe({ httpStatus: 200, message: of(['2026-07-28', 7]) })).toBe('modern');
    expect(eraFromProbe({ httpStatus: 200, message: of(['2030-01-01']) })).toBe('legacy');
  });

  it('that lists only other modern versions comes from a modern server that we do not support', () => {
    expect(eraFromProbe({ httpStatus: 400, message: error(-32022, { supported: ['2030-01-01'] }) })).toBe('modern');
  });

  it('proves no era when the upstream refuses, fails or redirects', () => {
    const codes = Object.fromEntries(
      [200, 400, 404, 405, 406, 401, 403, 307, 407, 429, 500, 503].map((httpStatus) => [
        httpStatus,
        failureOfResponse({ httpStatus, hasCredential: true })?.code,
      ]),
    );
    expect(codes).toEqual({
      200: undefined,
      400: undefined,
      404: undefined,
      405: undefined,
      406: undefined,
      401: 'credential_rejected',
      403: 'upstream_forbidden',
      307: 'upstream_redirected',
      407: 'upstream_http_error',
      429: 'upstream_http_error',
      500: 'upstream_http_error',
      503: 'upstream_http_error',
    });
  });
});
