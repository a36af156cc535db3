import type { PassthroughMapping } from '@lethe/contracts';
import { serverRoutes } from '@test/support/proxy/server-routes.js';
import { describe, expect, it } from 'vitest';
import { Caller } from '../auth/authenticator.js';
import { parseRequestHeaders } from '../http/request/request-headers.js';
import { messageOf } from '../protocol/error-messages.js';
import { refusedCredential } from './refused-credential.js';
import { UpstreamCredentials } from './upstream-credentials.js';

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
  const error = refusedCredential(credentials, status, undefined);
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
