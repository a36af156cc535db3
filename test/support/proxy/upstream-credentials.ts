import { Caller } from '../../../apps/proxy/src/auth/authenticator.js';
import { UpstreamCredentials } from '../../../apps/proxy/src/credentials/upstream-credentials.js';
import { parseRequestHeaders } from '../../../apps/proxy/src/http/request/request-headers.js';
import { serverRoutes } from './server-routes.js';

/** What a caller without a credential sends to the only gateway `g` of an open virtual server. */
export function credentialsFor(url = 'http://127.0.0.1:9/mcp'): UpstreamCredentials {
  const server = serverRoutes([{ slug: 'g', mappings: [], url }]);
  const [gateway] = server.gateways;
  if (!gateway) throw new Error('no gateway');
  return UpstreamCredentials.forGateway(parseRequestHeaders([]), Caller.open(server), gateway, 'legacy');
}
