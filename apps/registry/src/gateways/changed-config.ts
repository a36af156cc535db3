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
  const stored = [config, ...(pending ? [pending] : [])];
  const asServing = pending && knowsPending ? config : undefined;
  const mappings = passthroughHeaders && plainMappings(passthroughHeaders);
  const isUrlStored = stored.some((each) => each.url === url);
  const areMappingsStored = stored.some((each) => isSame(each.mappings, mappings));
  return {
    ...(url !== undefined &&
      asServing?.url !== url && { url: isUrlStored ? url : registrableUrl(url, allowedUpstreams) }),
    ...(transport !== undefined && asServing?.transport !== transport && { transport }),
    ...(mappings !== undefined &&
      !isSame(asServing?.mappings, mappings) && {
        mappings: areMappingsStored ? mappings : registrableMappings(mappings),
      }),
    ...(tlsCa !== undefined && !(asServing && (asServing.tlsCa ?? null) === tlsCa) && { tlsCa }),
  };
}

function isSame(some: object | undefined, others: object | undefined): boolean {
  return some !== undefined && others !== undefined && canonicalJson(some) === canonicalJson(others);
}
