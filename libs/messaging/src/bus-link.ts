import type { CoreConnection } from './core-connection.js';

/** What is known of the bus itself. */
export abstract class BusHealth {
  /** Whether the bus can be reached now. */
  abstract isConnected(): boolean;
  /**
   * The name of a stream that stores what is sent to a subject. None may do so for handshake subjects.
   * @throws LetheError `bus_unavailable` when the bus can't tell
   */
  abstract findCapturingStream(subject: string): Promise<string | undefined>;
}

/** An application's one connection to the bus; everything of this library goes over it. */
export abstract class BusLink extends BusHealth {
  /** Resolves once the bus was reached for the first time; a lost connection comes back by itself. */
  abstract connection(): Promise<CoreConnection>;
  /** As `connection`, but after a few seconds goes on without it, so that a service starts while the bus is away. */
  abstract settled(): Promise<void>;
  abstract close(): Promise<void>;
}
