import type { ErrorDetail } from '@lethe/platform';
import type { Gateway } from '../routes/table/gateway.js';
import type { PassthroughHeader } from '../routes/table/passthrough-headers.js';

/** What a caller sends for one mapping: names only. */
export function headerFacts({ exactName, shortName, shortForm, mapping }: PassthroughHeader): ErrorDetail {
  return {
    header: exactName,
    ...(shortForm === 'own' && { shortHeader: shortName }),
    scheme: mapping.scheme ?? null,
  };
}

/** Where a caller gets a token for the upstream: what its verification found, and nothing that its response says. */
export function loginFacts({ oauth }: Gateway): ErrorDetail {
  const [server] = oauth?.servers ?? [];
  return oauth && server ? { oauth: { resource: oauth.resource, issuer: server.issuer } } : {};
}
