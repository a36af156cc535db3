import { describe, expect, it } from 'vitest';
import { verificationResponse } from '../registry/responses.js';
import { notVerified } from './outcome-text.js';

/** The lines that a person reads about a failed verification. */
function linesOf(more: object): string[] {
  const common = { id: 'v', gatewayId: 'g', attempt: 1, state: 'failed' };
  const { message, notes } = notVerified(verificationResponse.parse({ ...common, ...more }));
  return [message, ...notes];
}

describe('the text about a failed verification', () => {
  it.each([
    ['dns', 'The name of the upstream has no address (DNS)'],
    ['refused', 'Nothing accepts connections at the address of the upstream'],
    ['timeout', 'The upstream accepted no connection in time'],
    [undefined, 'The upstream could not be reached'],
  ])('tells why there was no connection: %s', (why, text) => {
    expect(linesOf({ code: 'upstream_unreachable', why })).toEqual([text]);
  });

  it.each<[object, string[]]>([
    [
      { code: 'token_endpoint_refused', httpStatus: 401, tokenError: 'invalid_client' },
      [
        'The token endpoint refused the client credentials',
        'HTTP status of the token endpoint: 401',
        'Its error: invalid_client',
      ],
    ],
    [{ code: 'token_endpoint_unreachable', why: 'dns' }, ['The name of the token endpoint has no address (DNS)']],
    [{ code: 'token_endpoint_unreachable' }, ['The token endpoint could not be reached']],
    [{ state: 'cancelled' }, ['The verification was cancelled']],
  ])('tells what a token endpoint did: %o', (verification, lines) => {
    expect(linesOf(verification)).toEqual(lines);
  });

  it('does not say of a refusal that a credential was accepted: perhaps none was sent', () => {
    expect(linesOf({ code: 'upstream_forbidden', httpStatus: 403 })).toEqual([
      'The upstream does not allow this access (403)',
      'HTTP status of the upstream: 403',
    ]);
  });

  it('says how long an upstream asks to wait', () => {
    const limited = linesOf({ code: 'upstream_http_error', httpStatus: 429, retryAfterSeconds: 401 });
    expect(limited).toEqual([
      'The upstream limits the rate of requests',
      'HTTP status of the upstream: 429',
      'It asks to try again in 6 min 41 s',
    ]);
    expect(linesOf({ code: 'upstream_http_error', httpStatus: 503 })[0]).toBe('The upstream is not available now');
  });

  it('says the address to register instead', () => {
    const moved = linesOf({ code: 'upstream_redirected', httpStatus: 308, registerUrl: 'https://a.example/mcp/' });
    expect(moved.at(-1)).toBe('It leads to this address of the same server: https://a.example/mcp/');
  });
});
