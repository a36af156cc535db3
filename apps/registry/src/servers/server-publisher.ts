import type { EntityManager } from '@mikro-orm/postgresql';
import type { LeftOut, VirtualServer } from './server.entity.js';

/**
 * Port for publishing a virtual server in the transaction of its change. The room `publishing`, which lies above,
 * implements it.
 */
export abstract class ServerPublisher {
  /**
   * Publishes the current form of a server; returns what had to be left out.
   * @throws LetheError `row_tampered`, `server_too_large`
   */
  abstract publish(em: EntityManager, server: VirtualServer): Promise<LeftOut[]>;

  /** Publishes that a server was deleted. */
  abstract publishTombstone(em: EntityManager, server: VirtualServer): Promise<void>;
}
