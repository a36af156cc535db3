import type { CoreConnection } from './core-connection.js';

/** The state of the bus. */
export abstract class BusHealth {
  /** Whether the bus can be reached now. */
  abstract isConnected(): boolean;
  /**
   * Returns the name of a stream that stores messages of this subject. None may store those of handshake subjects.
   * @throws LetheError `bus_unavailable`
   */
  abstract findCapturingStream(subject: string): Promise<string | undefined>;
}

/** An application's only connection to the bus. All parts of this library use it. */
export abstract class BusLink extends BusHealth {
  /** Resolves when the bus was reached for the first time. A lost connection is restored automatically. */
  abstract connection(): Promise<CoreConnection>;
  /** As `connection`, but resolves after a few seconds in any case, so that a service starts without the bus. */
  abstract connectedOrTimedOut(): Promise<void>;
  abstract close(): Promise<void>;
}
