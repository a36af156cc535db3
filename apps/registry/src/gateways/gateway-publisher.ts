import type { EntityManager } from '@mikro-orm/postgresql';
import type { Gateway } from './gateway.entity.js';

/** Port to the virtual servers of a gateway, for publishing a change. The room `publishing`, which lies above, implements it. */
export abstract class GatewayPublisher {
  /**
   * Publishes every virtual server that has this gateway or includes it by its tags now, in the transaction of the change. A server that can't be published
   * keeps its last manifest.
   */
  abstract publishServersOf(em: EntityManager, gatewayId: string): Promise<void>;

  /** Slugs of the virtual servers that name this gateway, or that lose items with it. */
  abstract serversOf(em: EntityManager, gateway: Gateway): Promise<string[]>;
}
