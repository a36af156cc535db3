import type { EntityManager } from '@mikro-orm/postgresql';

/** Port for publishing a changed gateway. The room `publishing`, which lies above, implements it. */
export abstract class GatewayPublisher {
  /**
   * Publishes every virtual server with this gateway, in the transaction of the change. A server that can't be published
   * keeps its last manifest.
   */
  abstract publishServersOf(em: EntityManager, gatewayId: string): Promise<void>;
}
