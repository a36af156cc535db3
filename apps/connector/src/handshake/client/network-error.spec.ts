import { describe, expect, it } from 'vitest';
import { HandshakeFailure } from '../outcome/handshake-failure.js';
import { failureOf } from './network-error.js';

describe('an error of a request', () => {
  it.each([
    ['ECONNREFUSED', 'upstream_unreachable'],
    ['ENOTFOUND', 'upstream_unreachable'],
    ['EAI_AGAIN', 'upstream_unreachable'],
    ['UND_ERR_CONNECT_TIMEOUT', 'upstream_unreachable'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'upstream_tls_failed'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'upstream_tls_failed'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'upstream_tls_failed'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'upstream_tls_failed'],
    ['CERT_HAS_EXPIRED', 'upstream_tls_failed'],
    ['UND_ERR_HEADERS_TIMEOUT', 'upstream_timeout'],
    ['UND_ERR_HEADERS_OVERFLOW', 'upstream_too_large'],
    ['HPE_INVALID_CONSTANT', 'upstream_protocol_error'],
    ['ECONNRESET', 'upstream_closed'],
    ['UND_ERR_SOCKET', 'upstream_closed'],
    ['address_forbidden', 'address_forbidden'],
  ])('%s is %s', (code, expected) => {
    expect(failureOf(Object.assign(new Error('quotes the token'), { code })).code).toBe(expected);
    expect(failureOf(new Error('fetch failed', { cause: { code } })).code).toBe(expected);
  });

  it('tells why there is no connection', () => {
    const why = ['ENOTFOUND', 'ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT'].map((code) => failureOf({ code }).detail.why);
    expect(why).toEqual(['dns', 'refused', 'timeout']);
  });

  it('keeps a failure of our own, and reports an unknown error as closed', () => {
    const own = new HandshakeFailure('address_forbidden');
    expect(failureOf(own)).toBe(own);
    expect(failureOf(new Error('quotes the token'))).toMatchObject({
      code: 'upstream_closed',
      message: 'upstream_closed',
    });
  });
});
