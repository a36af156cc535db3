import { ERRORS, type ErrorCode, type ErrorDetail, LetheError } from '@lethe/platform';
import { serverRoutes } from '@test/support/proxy/server-routes.js';
import { verifies } from '@test/requirements.js';
import { describe, expect, it } from 'vitest';
import { messageOf } from './error-messages.js';
import { UNREACHABLE, WHY_CLOSED } from './upstream-failures.js';

const CODES = Object.keys(ERRORS).filter((code): code is ErrorCode => code in ERRORS);
const ABOUT_UPSTREAM = CODES.filter((code) => Math.floor(ERRORS[code].rpc / 100) === 13);
const HEADER = 'X-Upstream-git-hub-Authorization';
const FAILURES = [
  ...[
    'closed_early',
    'content_encoding',
    'content_type',
    'elicitation_url',
    'http_status',
    'initialize',
    'input_required',
    'list',
  ],
  ...[
    'no_result',
    'not_acknowledged',
    'not_http',
    'not_json',
    'not_resumable',
    'protocol',
    'repeats_credential',
    'reserved_name',
    'sse_endpoint',
    'too_long',
    'wrong_id',
  ],
];
const WHYS = [undefined, 'later_words', ...Object.keys(WHY_CLOSED), ...Object.keys(UNREACHABLE), ...FAILURES];
const STATUSES = [undefined, 400, 401, 403, 404, 405, 410, 429, 500, 502, 503];
const SECONDS = [undefined, 0, 1, 401, 404, 503, 4_010, 5_003, 14_404, 86_399, 1e9, Infinity];
const HEADERS: ErrorDetail[] = [
  {},
  { header: HEADER, scheme: 'bearer' },
  { header: HEADER, scheme: 'basic', headers: [HEADER], shortHeader: 'X-Upstream-Authorization' },
  { header: HEADER, headers: [HEADER, 'X-Upstream-git-hub-X-Org'], notSent: ['X-Upstream-git-hub-X-Org'] },
  { header: HEADER, headers: [HEADER], notSent: [HEADER], scheme: null },
  { header: HEADER, use: [HEADER], rule: 'given_twice' },
  { header: HEADER, rule: 'not_ascii' },
  { headers: [] },
  ...['issues:write', 'v401', undefined].flatMap((scope) =>
    ['insufficient_scope', 'invalid_token', 'use_dpop_nonce'].map((error) => ({
      ...{ header: HEADER, headers: [HEADER], notSent: scope === undefined ? [HEADER] : [] },
      ...{ challenge: { scheme: 'Bearer', error, scope }, oauth: { resource: 'https://up.example/v401' } },
    })),
  ),
];

/** Details as they can be together, and others. */
const DETAILS: ErrorDetail[] = [
  ...WHYS.map((why) => ({ why, httpStatus: 404 })),
  ...STATUSES.flatMap((httpStatus) => HEADERS.map((headers) => ({ httpStatus, why: 'http_status', ...headers }))),
  ...SECONDS.map((retryAfterSeconds) => ({ retryAfterSeconds, httpStatus: 429 })),
  ...['https://up.example/mcp/', 'http://127.0.0.1:4040/mcp', 'https://up.example/v401'].map((registerUrl) => ({
    registerUrl,
    httpStatus: 308,
  })),
];

function serverWith(name: string) {
  const server = serverRoutes([{ slug: 'git-hub', mappings: [] }]);
  const gateways = server.gateways.map((gateway) => ({ ...gateway, name }));
  return Object.assign(Object.create(server), { gateways }) as typeof server;
}

describe('the message of an error', () => {
  const server = serverWith('GitHub of us');
  const about = { gateway: 'git-hub', gateways: ['git-hub'] };

  it('has no number in which a client that searches for an HTTP status would find one', () => {
    verifies('errors.named');
    const messages = CODES.flatMap((code) =>
      DETAILS.map((detail) => messageOf(new LetheError(code, { ...about, ...detail }), server)),
    );
    expect(messages.filter((message) => /[45]\d\d/.test(message))).toEqual([]);
    expect(messages.filter((message) => /undefined|null|NaN|\s{2}|[.,;:] *$/.test(message))).toEqual([]);
  });

  it.each([...ABOUT_UPSTREAM, 'session_unknown', 'session_too_large'] as const)(
    'of %s names the gateway, for people and by its slug',
    (code) => {
      verifies('errors.named');
      for (const detail of DETAILS) {
        const message = messageOf(new LetheError(code, { ...about, ...detail }), server);
        expect(message).toContain('"GitHub of us" (git-hub)');
      }
    },
  );

  it.each([
    'credential_required',
    'credential_ambiguous',
    'credential_malformed',
    'upstream_rejected_credential',
    'header_illegal',
    'header_too_large',
    'header_mismatch',
  ] as const)('of %s names the header', (code) => {
    const detail = { ...about, header: HEADER, headers: [HEADER], scheme: 'bearer' };
    expect(messageOf(new LetheError(code, detail), server)).toContain(HEADER);
  });

  it('names the scope that is wanted, in a command too, if that is a plain word', () => {
    const message = (scope: string, error = 'insufficient_scope', httpStatus = 403) => {
      const detail = { ...about, httpStatus, header: HEADER, headers: [HEADER], oauth: { resource: 'https://up.example' } };
      return messageOf(new LetheError('upstream_rejected_credential', { ...detail, challenge: { error, scope } }), server);
    };
    expect(message('a:b https://c.example/d_e')).toMatch(
      /: it wants the scope "a:b https:\/\/c\.example\/d_e"; the user gets one by: lethe login <server> git-hub --scope 'a:b https:\/\/c\.example\/d_e'$/,
    );
    for (const scope of ["a'b", '$(x)', 'a`b`', 'a;b', '-x', 'a  b', 'x'.repeat(65), 'v401', 'a!', `${'x '.repeat(8)}x`]) {
      expect(message(scope)).toMatch(/: it wants another scope; the user gets one by: lethe login <server> git-hub$/);
    }
    // Another token would be allowed no more; another login has the same key.
    expect(message('a', 'invalid_token')).not.toMatch(/login|"a"/);
    expect(message('a', 'invalid_token', 401)).toContain('; the user gets one by: lethe login <server> git-hub');
    expect(message('a', 'use_dpop_nonce', 401)).toMatch(/with its nonce$/);
  }); // prettier-ignore

  it('repeats nothing that an upstream or a caller could have written', () => {
    verifies('errors.named');
    for (const code of CODES) {
      const detail = { ...about, header: HEADER, why: 'CANARY', rule: 'CANARY', scheme: 'CANARY', uri: 'CANARY' };
      expect(messageOf(new LetheError(code, { ...detail, error: 'CANARY' }), server)).not.toContain('CANARY');
    }
  });

  it('is the fixed one if the detail says nothing, or the virtual server is not known', () => {
    const fixed = CODES.filter((code) => code !== 'method_not_allowed');
    for (const code of fixed) expect(messageOf(new LetheError(code), undefined)).toBe(ERRORS[code].message);
    const error = new LetheError('upstream_unreachable', { gateway: 'git-hub', why: 'dns' });
    expect(messageOf(error, undefined)).toMatch(/^The upstream of "git-hub" was not reached: its host name/);
  });

  it('shows a name on one line, and the slug alone if the name could be taken for a status', () => {
    const named = (name: string) => messageOf(new LetheError('gateway_unavailable', about), serverWith(name));
    expect(named('a"\n\u202eb\u001b[1m')).toBe('"a b[1m" (git-hub) can not be used now');
    for (const name of ['Tickets 404', 'git-hub', '\u200b']) expect(named(name)).toMatch(/^"git-hub" can/);
  });

  it.each([
    [401, 'in 6 min 41 s'],
    [7_260, 'in 2 h 1 min'],
    [0, 'in 1 s'],
    [100_000, 'in more than a day'],
    [undefined, 'later'],
  ])('tells %s s as "%s"', (retryAfterSeconds, words) => {
    for (const code of ['upstream_rate_limited', 'upstream_unavailable'] as const) {
      expect(messageOf(new LetheError(code, { ...about, retryAfterSeconds }), server)).toMatch(
        new RegExp(`: try again ${words}$`),
      );
    }
  });

  it('says which address to register instead of one that redirects', () => {
    const said = (registerUrl: string) =>
      messageOf(new LetheError('upstream_redirected', { ...about, registerUrl }), server);
    expect(said('https://up.example/mcp/')).toMatch(/must register https:\/\/up\.example\/mcp\/$/);
    expect(said('https://up.example/401')).toMatch(/must register the address that it redirects to$/);
  });
});
