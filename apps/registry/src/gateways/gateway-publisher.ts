import type { EntityManager } from '@mikro-orm/postgresql';

/** Port to the virtual servers of a gateway, for publishing a change. The room `publishing`, which lies above, implements it. */
export abstract class GatewayPublisher {
  /**
   * Publishes every virtual server with this gateway, in the transaction of the change. A server that can't be published
   * keeps its last manifest.
   */
  abstract publishServersOf(em: EntityManager, gatewayId: string): Promise<void>;

  /** Slugs of the virtual servers that have this gateway. */
  abstract serversOf(em: EntityManager, gatewayId: string): Promise<string[]>;
}
