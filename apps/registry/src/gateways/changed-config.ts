import { canonicalJson } from '@lethe/sealing';
import type { ConfigContent } from './gateway-configs.js';
import { plainMappings, registrableMappings, registrableUrl } from './gateway-rules.js';
import type { ChangeGatewayDto } from './gateway.dto.js';
import type { GatewayDetails } from './gateway.view.js';

/** How a request is read. */
interface Reading {
  /** Whether it has read that another configuration is pending: then the values of the serving one are no change. */
  knowsPending: boolean;
  allowedUpstreams: readonly string[];
}

/**
 * What a request changes of a configuration. What is stored may be sent back, even if the rules for new values are others now.
 * @throws LetheError `url_forbidden`, `mapping_forbidden`
 */
export function changedConfig(
  { url, transport, passthroughHeaders, tlsCa }: ChangeGatewayDto,
  { config, pending }: GatewayDetails,
  { knowsPending, allowedUpstreams }: Reading,
): Partial<ConfigContent> {
  const wanted: Partial<ConfigContent> = {
    ...(url !== undefined && { url }),
    ...(transport !== undefined && { transport }),
    ...(passthroughHeaders !== undefined && { mappings: plainMappings(passthroughHeaders) }),
    ...(tlsCa !== undefined && { tlsCa }),
  };
  const asRead = pending && knowsPending ? withoutSame(wanted, config) : wanted;
  const fresh = [config, pending].reduce((rest, stored) => (stored ? withoutSame(rest, stored) : rest), asRead);
  return {
    ...asRead,
    ...(fresh.url !== undefined && { url: registrableUrl(fresh.url, allowedUpstreams) }),
    ...(fresh.mappings !== undefined && { mappings: registrableMappings(fresh.mappings) }),
  };
}

/** The members whose values are not those of a stored configuration. */
function withoutSame(wanted: Partial<ConfigContent>, stored: object): Partial<ConfigContent> {
  const present: Record<string, unknown> = { ...stored };
  return Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => canonicalJson(value) !== canonicalJson(present[name] ?? null)),
  );
}
