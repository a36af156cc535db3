import { LetheError } from '@lethe/platform';
import type { Caller } from '../auth/caller.js';
import type { Gateway } from '../routes/table/gateway.js';
import type { ExposedItem } from '../routes/table/exposed-item.js';

/** Leave for one caller to reach one gateway. Only a grant can be lent a credential for. */
export class UpstreamAccess {
  private constructor(
    readonly caller: Caller,
    readonly gateway: Gateway,
  ) {}

  /**
   * For a call of an item.
   * @throws LetheError `item_unknown` when it is not of this caller's virtual server, `gateway_unavailable`
   */
  static forItem(caller: Caller, route: ExposedItem): UpstreamAccess {
    return UpstreamAccess.forGateway(caller, route.gateway);
  }

  /**
   * For what is no call of an item: opening and ending sessions.
   * @throws LetheError `gateway_unavailable`
   */
  static forGateway(caller: Caller, gateway: Gateway): UpstreamAccess {
    if (!caller.server.gateways.includes(gateway)) throw new LetheError('item_unknown');
    if (gateway.closed) throw new LetheError('gateway_unavailable', { gateway: gateway.slug, why: gateway.closed });
    return new UpstreamAccess(caller, gateway);
  }
}
