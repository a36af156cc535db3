import { JetStreamApiError } from '@nats-io/jetstream';

/** Codes of JetStream: this server is in no cluster, or its cluster has no server that could hold another copy. */
const TOO_FEW_SERVERS: ReadonlySet<number> = new Set([10_074, 10_005]);

/** Whether a stream was refused because it would have more copies than there are servers. */
export function isTooFewServers(error: unknown): boolean {
  return error instanceof JetStreamApiError && TOO_FEW_SERVERS.has(error.code);
}

/** Makes a stream with this many copies. With too few servers it has one: events and routes need it more than its copies. */
export async function madeWithReplicas<T>(replicas: number, make: (replicas: number) => Promise<T>): Promise<T> {
  try {
    return await make(replicas);
  } catch (error) {
    if (replicas === 1 || !isTooFewServers(error)) throw error;
    return make(1);
  }
}
