import { LetheError } from '@lethe/platform';
import type { Caller } from '../auth/caller.js';
import type { GatewayRoute } from '../routes/table/gateway.js';
import type { Route } from '../routes/table/exposed-item.js';

/** Leave for one caller to reach one gateway. Only a grant can be lent a credential for. */
export class Grant {
  private constructor(
    readonly caller: Caller,
    readonly gateway: GatewayRoute,
  ) {}

  /**
   * For a call of an item.
   * @throws LetheError `item_unknown` when it is not of this caller's virtual server, `gateway_unavailable`
   */
  static forItem(caller: Caller, route: Route): Grant {
    return Grant.forGateway(caller, route.gateway);
  }

  /**
   * For what is no call of an item: opening and ending sessions.
   * @throws LetheError `gateway_unavailable`
   */
  static forGateway(caller: Caller, gateway: GatewayRoute): Grant {
    if (!caller.server.gateways.includes(gateway)) throw new LetheError('item_unknown');
    if (gateway.closed) throw new LetheError('gateway_unavailable', { gateway: gateway.slug, why: gateway.closed });
    return new Grant(caller, gateway);
  }
}
