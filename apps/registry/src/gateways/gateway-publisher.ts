import type { EntityManager } from '@mikro-orm/postgresql';

/** Publishes what a changed gateway is part of. A port: the room `publishing`, above this one, implements it. */
export abstract class GatewayPublisher {
  /**
   * Publishes every virtual server with this gateway, in the transaction of the change. A server that can't be published
   * keeps its last manifest.
   */
  abstract publishServersOf(em: EntityManager, gatewayId: string): Promise<void>;
}
