import type { ServerAccess } from '@lethe/contracts';
import { registrableUrl } from '../gateways/gateway-rules.js';

/**
 * Access as it is stored: proxies fetch the issuer's keys, so that their address obeys the rules of upstreams.
 * @throws LetheError `url_forbidden`
 */
export function registrableAccess(access: ServerAccess, allowed: readonly string[]): ServerAccess {
  if (typeof access === 'string') return access;
  const { kind, issuer, audience, jwksUri, algorithms } = access;
  return { kind, issuer, audience, jwksUri: registrableUrl(jwksUri, allowed), algorithms };
}
