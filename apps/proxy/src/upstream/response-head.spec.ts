import type { PassthroughMapping } from '@lethe/contracts';
import { describe, expect, it } from 'vitest';
import { serverRoutes } from '@test/support/proxy/server-routes.js';
import { credentialsFor } from '@test/support/proxy/upstream-credentials.js';
import { Caller } from '../auth/authenticator.js';
import { UpstreamCredentials } from '../credentials/upstream-credentials.js';
import { parseRequestHeaders } from '../http/request/request-headers.js';
import { messageOf } from '../protocol/error-messages.js';
import { assertEventStream, assertGetStream, bodyKind, httpFailure, reconnectDecision } from './response-head.js';

const credentials = credentialsFor();
const EVENTS = 'Text/Event-Stream; charset=utf-8';

describe('the head of a response', () => {
  it.each([
    [200, 'application/json', 'json'],
    [200, 'Application/JSON;charset=utf-8', 'json'],
    [200, 'text/event-stream', 'event-stream'],
    [200, EVENTS, 'event-stream'],
    [201, 'application/json', 'json'],
    [202, 'application/json', 'error'],
    [400, 'application/json', 'error'],
    [500, 'text/html', 'error'],
  ] as const)('with %i and %s announces %s', (status, type, kind) => {
    expect(bodyKind(credentials, status, { 'content-type': type })).toBe(kind);
  });

  it.each([
    [200, { 'content-type': 'text/html' }, { why: 'content_type', httpStatus: 200 }],
    [200, {}, { why: 'content_type', httpStatus: 200 }],
    [302, { 'content-type': 'application/json' }, { httpStatus: 302 }],
    [401, { 'content-type': 'application/json' }, { httpStatus: 401 }],
  ] as const)('with %i and %j is refused', (status, headers, detail) => {
    expect(() => bodyKind(credentials, status, headers)).toThrow(
      expect.objectContaining({ detail: expect.objectContaining(detail) as object }),
    );
  });

  it('opens a stream of events only with a status of success, and a media type if it was posted', () => {
    expect(() => assertEventStream(credentials, 200, { 'content-type': EVENTS })).not.toThrow();
    const refused = [
      [200, { 'content-type': 'application/json' }, 'content_type'],
      [200, {}, 'content_type'],
      [405, { 'content-type': EVENTS }, 'http_status'],
    ] as const;
    for (const [status, headers, why] of refused) {
      expect(() => assertEventStream(credentials, status, headers)).toThrow(
        expect.objectContaining({ detail: expect.objectContaining({ why }) as object }),
      );
    }
    expect(() => assertGetStream(credentials, 200, {})).not.toThrow();
    expect(() => assertGetStream(credentials, 200, { 'content-type': 'text/html' })).toThrow();
  });
});

describe('the response to a GET', () => {
  it.each([
    [200, EVENTS, true, 'open'],
    [200, 'application/json', true, 'refused'],
    [404, 'text/plain', true, 'lost'],
    [404, 'text/plain', false, 'refused'],
    [405, 'text/plain', true, 'refused'],
    [401, 'text/plain', true, 'refused'],
    [302, 'text/plain', true, 'refused'],
    [409, 'application/json', true, 'later'],
    [503, 'text/html', true, 'later'],
  ] as const)('with %i and %s (in a session: %s) means %s', (status, type, hasSession, decision) => {
    expect(reconnectDecision(status, { 'content-type': type }, hasSession)).toBe(decision);
  });

  it('is a stream without a media type, if it has a body', () => {
    expect(reconnectDecision(200, {}, true)).toBe('open');
    expect(reconnectDecision(200, { 'content-length': '0' }, true)).toBe('refused');
  });
});

const AUTHORIZATION: PassthroughMapping = { header: 'Authorization', scheme: 'bearer' };
const KEY: PassthroughMapping = { header: 'X-Api-Key', to: { query: 'api_key' } };
const ORG: PassthroughMapping = { header: 'X-Org' };

/** What a caller with these headers is told about a status of the gateway's upstream. */
function told(status: number, mappings: PassthroughMapping[], sent: Record<string, string>, owns = false) {
  const server = serverRoutes([{ slug: 'g', mappings }], { shortForm: owns ? { Authorization: 'g' } : {} });
  const [gateway] = server.gateways;
  if (!gateway) throw new Error('no gateway');
  const headers = parseRequestHeaders(Object.entries(sent).flat());
  const credentials = UpstreamCredentials.forGateway(headers, Caller.open(server), gateway, 'legacy');
  const error = httpFailure(credentials, status, {});
  return { code: error.code, detail: error.detail, message: messageOf(error, server) };
}

describe('an upstream that refuses', () => {
  it('names the header that was not sent, its short form if the gateway owns it, and its form', () => {
    const owned = told(401, [AUTHORIZATION], {}, true);
    expect(owned).toMatchObject({
      code: 'credential_required',
      detail: { header: 'X-Upstream-g-Authorization', shortHeader: 'X-Upstream-Authorization', scheme: 'bearer' },
    });
    expect(owned.message).toContain(
      'in the header X-Upstream-g-Authorization or X-Upstream-Authorization, as "Bearer <token>"',
    );
    expect(told(401, [AUTHORIZATION], {}).detail).not.toHaveProperty('shortHeader');
  });

  it('names all headers if the gateway maps several, and those that were sent and not sent', () => {
    const none = told(401, [KEY, ORG], {});
    expect(none.code).toBe('credential_required');
    expect(none.message).toContain('X-Upstream-g-X-Api-Key, X-Upstream-g-X-Org');
    const one = told(401, [KEY, ORG], { 'x-upstream-g-x-api-key': 'CANARY' });
    expect(one.code).toBe('upstream_rejected_credential');
    expect(one.detail).toMatchObject({ header: 'X-Upstream-g-X-Api-Key', notSent: ['X-Upstream-g-X-Org'] });
    expect(one.message).toBe(
      'The upstream of "g" rejected the credential in the header X-Upstream-g-X-Api-Key; not sent: X-Upstream-g-X-Org',
    );
    expect(JSON.stringify(one)).not.toContain('CANARY');
    const other = told(401, [KEY, ORG], { 'x-upstream-g-x-org': 'o' });
    expect(other.detail).toMatchObject({ header: 'X-Upstream-g-X-Org', notSent: ['X-Upstream-g-X-Api-Key'] });
  });

  it('is told apart from one that does not allow it', () => {
    const sent = told(403, [AUTHORIZATION], { 'x-upstream-g-authorization': 'Bearer x' });
    expect(sent.code).toBe('upstream_rejected_credential');
    expect(sent.message).toBe(
      'The upstream of "g" does not allow this with the credential in the header X-Upstream-g-Authorization',
    );
    const nothing = told(403, [AUTHORIZATION], {});
    expect(nothing.code).toBe('upstream_rejected_credential');
    expect(nothing.message).toContain('without a credential, or not at all; not sent: X-Upstream-g-Authorization');
  });

  it('says that an administrator must add a mapping where there is none', () => {
    const told401 = told(401, [], {});
    expect(told401.code).toBe('credential_required');
    expect(told401.detail).not.toHaveProperty('header');
    expect(told401.message).toContain('takes none from callers: an administrator must add a mapping');
    expect(told(403, [], {}).message).toContain('takes no credential from callers');
  });
});
