import type { PassthroughMapping } from '@lethe/contracts';
import { LetheError } from '@lethe/platform';
import { describe, expect, it } from 'vitest';
import { serverRoutes, type TestGateway } from '@test/support/proxy/server-routes.js';
import { Caller } from '../auth/authenticator.js';
import { parseRequestHeaders, type RequestHeaders } from '../http/request/request-headers.js';
import { UpstreamAccess, UpstreamCredentials } from './upstream-credentials.js';

const AUTHORIZATION: PassthroughMapping = { header: 'Authorization' };
const github: TestGateway = { slug: 'github', mappings: [AUTHORIZATION] };
const gitlab: TestGateway = { slug: 'gitlab', mappings: [AUTHORIZATION] };

function select(
  gateways: TestGateway[],
  to: string,
  headers: Record<string, string>,
  shortForm = {},
): UpstreamCredentials {
  const server = serverRoutes(gateways, { shortForm });
  const gateway = server.gateways.find(({ slug }) => slug === to);
  if (!gateway) throw new Error('no such gateway');
  const view = parseRequestHeaders(Object.entries(headers).flat());
  return UpstreamCredentials.select(
    view,
    UpstreamAccess.forGateway(Caller.open(server), gateway, gateway.servedIn.legacy),
  );
}

function rejection(...args: Parameters<typeof select>): unknown {
  try {
    select(...args);
    return undefined;
  } catch (error) {
    return error instanceof LetheError ? { code: error.code, ...error.detail } : error;
  }
}

const mapped = (mapping: Partial<PassthroughMapping>): TestGateway[] => [
  { slug: 'github', mappings: [{ ...AUTHORIZATION, ...mapping }] },
];
const EXACT = 'X-Upstream-github-Authorization';

describe('selecting credentials', () => {
  it('takes the exact form for its gateway, in any case', () => {
    const headers = { 'x-UPSTREAM-GitHub-authorization': 'Bearer a', 'X-Upstream-gitlab-Authorization': 'Bearer b' };
    expect(select([github, gitlab], 'github', headers).headers).toEqual([['Authorization', 'Bearer a']]);
    expect(select([github, gitlab], 'gitlab', headers).headers).toEqual([['Authorization', 'Bearer b']]);
  });

  it('selects no header for a gateway that it is not for', () => {
    expect(select([github, gitlab], 'gitlab', { [EXACT]: 'Bearer a' }).headers).toEqual([]);
  });

  it("never selects the caller's own Authorization, cookies or unmapped passthrough headers", () => {
    const headers = { Authorization: 'Bearer own', Cookie: 'a=b', 'X-Upstream-github-X-Other': 'x', 'X-API-Key': 'k' };
    expect(select([github], 'github', headers).headers).toEqual([]);
  });

  it('gives the short form to its owner only', () => {
    const shortForm = { authorization: 'github' };
    const headers = { 'X-Upstream-Authorization': 'Bearer a' };
    expect(select([github, gitlab], 'github', headers, shortForm).headers).toEqual([['Authorization', 'Bearer a']]);
    expect(select([github, gitlab], 'gitlab', headers, shortForm).headers).toEqual([]);
  });

  it('refuses a short form without an owner and names the exact forms, even beside an exact one', () => {
    const expected = {
      code: 'credential_ambiguous',
      gateway: 'github',
      header: 'X-Upstream-Authorization',
      use: ['X-Upstream-github-Authorization', 'X-Upstream-gitlab-Authorization'],
    };
    expect(rejection([github, gitlab], 'github', { 'X-Upstream-Authorization': 'Bearer a' })).toEqual(expected);
    expect(rejection([github, gitlab], 'github', { 'X-Upstream-Authorization': 'x', [EXACT]: 'y' })).toEqual(expected);
    expect(rejection([github], 'github', { 'X-Upstream-Authorization': 'Bearer a' })).toMatchObject({
      code: 'credential_ambiguous',
    });
  });

  it('refuses both forms for one mapping rather than choose', () => {
    const headers = { 'X-Upstream-Authorization': 'Bearer a', [EXACT]: 'Bearer b' };
    expect(rejection([github], 'github', headers, { Authorization: 'github' })).toMatchObject({
      code: 'credential_malformed',
      rule: 'given_twice',
    });
  });

  it('names the header of a required credential that is missing', () => {
    expect(rejection(mapped({ required: true, scheme: 'bearer' }), 'github', {})).toEqual({
      code: 'credential_required',
      gateway: 'github',
      header: EXACT,
      scheme: 'bearer',
    });
    expect(rejection(mapped({ required: true }), 'github', {}, { Authorization: 'github' })).toMatchObject({
      shortHeader: 'X-Upstream-Authorization',
      scheme: null,
    });
  });

  it('does not take an empty value for a credential', () => {
    expect(rejection(mapped({ required: true }), 'github', { [EXACT]: '' })).toMatchObject({
      code: 'credential_malformed',
      rule: 'empty',
    });
  });

  it('refuses a variable that the client did not replace, whatever the scheme, and shows how it is written only', () => {
    const expected = { code: 'credential_malformed', gateway: 'github', header: EXACT, rule: 'unexpanded_variable' };
    for (const scheme of ['bearer', 'basic', undefined] as const) {
      for (const value of ['Bearer ${TOKEN}', 'Basic ${TOKEN}', '${TOKEN}']) {
        const found = rejection(mapped({ ...(scheme && { scheme }) }), 'github', { [EXACT]: value });
        expect(found).toEqual({ ...expected, notation: '${NAME}' });
      }
    }
  });

  it.each([
    ['bearer', 'Bearer abc', true],
    ['bearer', 'bearer abc', true],
    ['bearer', 'abc', false],
    ['bearer', 'Bearer', false],
    ['bearer', 'Bearer a b', false],
    ['bearer', 'Basic abc', false],
    ['basic', 'Basic dTpw', true],
    ['basic', 'dTpw', false],
  ] as const)('with scheme %s takes %j: %s', (scheme, value, isTaken) => {
    const found = rejection(mapped({ scheme }), 'github', { [EXACT]: value });
    if (isTaken) expect(select(mapped({ scheme }), 'github', { [EXACT]: value }).headers[0]?.[1]).toBe(value);
    else expect(found).toMatchObject({ code: 'credential_malformed', header: EXACT });
    expect(JSON.stringify(found ?? '')).not.toContain('abc');
  });

  it('writes a value into the query parameter of its mapping, encoded, and into no header', () => {
    const credentials = select(mapped({ header: 'X-Key', to: { query: 'api_key' } }), 'github', {
      'X-Upstream-github-X-Key': 'a&b=c d/é'.replace('é', '%'),
    });
    expect(credentials).toMatchObject({ headers: [], query: 'api_key=a%26b%3Dc%20d%2F%25' });
  });

  it('lends byte for byte', () => {
    const value = 'Bearer !"#$%&()*+,-./:;<=>?@[]^`{|}~';
    expect(select([github], 'github', { [EXACT]: value }).headers).toEqual([['Authorization', value]]);
  });
});

describe('proofs of possession', () => {
  const jws = (htm: string, jti: string): string =>
    `e30.${Buffer.from(JSON.stringify({ htm, jti })).toString('base64url')}.c2ln`;
  const [first, second] = [jws('POST', '1'), jws('POST', '2')];
  const bound: TestGateway = {
    slug: 'github',
    mappings: [{ ...AUTHORIZATION, scheme: 'dpop' }, { header: 'DPoP' }],
  };
  const sent = (): RequestHeaders => parseRequestHeaders(['X-Upstream-github-DPoP', `${first}, ${second}`]);
  function selected(headers: RequestHeaders): UpstreamCredentials {
    const server = serverRoutes([bound]);
    const [gateway] = server.gateways;
    if (!gateway) throw new Error('no such gateway');
    return UpstreamCredentials.forGateway(headers, Caller.open(server), gateway, 'legacy');
  }

  it('are used once by all that is sent for one request, and belong to no other request', () => {
    const request = sent();
    const [one, other, later] = [selected(request), selected(request), selected(sent())];
    expect(one).toMatchObject({ headers: [], isEmpty: false });
    expect([one.proofs?.take('POST'), other.proofs?.take('POST')]).toEqual([first, second]);
    expect(() => one.proofs?.take('POST')).toThrow(expect.objectContaining({ code: 'dpop_proofs_used_up' }));
    expect(later.proofs?.take('POST')).toBe(first);
  });

  it('end what stays open only where there have been some for it', () => {
    const { proofs, ended } = selected(sent());
    expect(() => proofs?.take('GET')).toThrow(LetheError);
    expect(ended?.aborted).toBe(false);
    for (const each of [first, second]) expect(proofs?.take('POST')).toBe(each);
    expect(() => proofs?.take('POST')).toThrow(LetheError);
    expect(ended?.aborted).toBe(true);
  });
});

describe('access to a gateway', () => {
  it('grants no gateway of another virtual server', () => {
    const [first, second] = [serverRoutes([github]), serverRoutes([github])];
    const other = second.gateways[0];
    expect(() => other && UpstreamAccess.forGateway(Caller.open(first), other, other.servedIn.legacy)).toThrow(
      LetheError,
    );
  });
});

describe('credentials for one gateway of several', () => {
  const required: TestGateway = { slug: 'github', mappings: [{ ...AUTHORIZATION, required: true, scheme: 'bearer' }] };

  function trySelect(gateway: TestGateway, headers: Record<string, string>): UpstreamCredentials | undefined {
    const server = serverRoutes([gateway]);
    const [found] = server.gateways;
    if (!found) throw new Error('no such gateway');
    return UpstreamCredentials.trySelect(
      parseRequestHeaders(Object.entries(headers).flat()),
      Caller.open(server),
      found,
      'legacy',
    );
  }

  it('are none when a required one is missing or the gateway is closed', () => {
    expect(trySelect(required, {})).toBeUndefined();
    expect(trySelect({ ...github, url: 'http://169.254.169.254/mcp' }, { [EXACT]: 'Bearer a' })).toBeUndefined();
    expect(trySelect(required, { [EXACT]: 'Bearer a' })?.headers).toEqual([['Authorization', 'Bearer a']]);
  });

  it('are never left out silently when one was sent that can not be used', () => {
    expect(() => trySelect(required, { [EXACT]: 'Basic a' })).toThrow(
      expect.objectContaining({ code: 'credential_malformed' }),
    );
  });
});
