import { LetheError } from '@lethe/platform';
import type { Caller } from '../auth/caller.js';
import type { Gateway } from '../routes/table/gateway.js';
import type { ExposedItem } from '../routes/table/exposed-item.js';

/** Proof that one caller may reach one gateway. Credentials are selected only for such a proof. */
export class UpstreamAccess {
  private constructor(
    readonly caller: Caller,
    readonly gateway: Gateway,
  ) {}

  /**
   * Access for a call of an item.
   * @throws LetheError `item_unknown` when the item is not of the caller's virtual server, `gateway_unavailable`
   */
  static forItem(caller: Caller, route: ExposedItem): UpstreamAccess {
    return UpstreamAccess.forGateway(caller, route.gateway);
  }

  /**
   * Access for anything but a call of an item, such as opening and ending sessions.
   * @throws LetheError `item_unknown`, `gateway_unavailable`
   */
  static forGateway(caller: Caller, gateway: Gateway): UpstreamAccess {
    if (!caller.server.gateways.includes(gateway)) throw new LetheError('item_unknown');
    if (gateway.closed) throw new LetheError('gateway_unavailable', { gateway: gateway.slug, why: gateway.closed });
    return new UpstreamAccess(caller, gateway);
  }
}
