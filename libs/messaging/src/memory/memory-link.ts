import { BusLink } from '../bus-link.js';
import type { CoreConnection } from '../core-connection.js';
import type { MemoryBroker } from './memory-broker.js';

/** The link to the bus inside this process. */
export class MemoryLink extends BusLink {
  constructor(private readonly broker: MemoryBroker) {
    super();
  }

  isConnected(): boolean {
    return true;
  }

  findCapturingStream(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  connection(): Promise<CoreConnection> {
    return Promise.resolve(this.broker);
  }

  async connectedOrTimedOut(): Promise<void> {
    // A bus in the same process is always available.
  }

  async close(): Promise<void> {
    // The broker belongs to the process, not to one application.
  }
}
