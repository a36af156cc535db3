import type { GatewayResponse } from '../registry/responses.js';
import { type Finding, warning } from './finding.js';

/** Clients for logins that nobody uses, because their authorization server is not one of the upstream. */
export function loginFindings(gateways: readonly GatewayResponse[]): Finding[] {
  return gateways.flatMap(({ slug, state, oauthClient, facts }) => {
    const issuers = facts?.oauth?.servers.map(({ issuer }) => issuer) ?? [];
    if (!oauthClient || state !== 'verified' || issuers.includes(oauthClient.issuer)) return [];
    const named = issuers.length > 0 ? `names ${issuers.join(', ')}` : 'names no authorization server';
    const text = `The client by which people log in for ${slug} is for ${oauthClient.issuer}; its upstream ${named}`;
    return [warning('logins', text, `lethe edit ${slug} --login-issuer <url>, or oauthClient=null`)];
  });
}
