import type { Server } from 'node:net';
import type { Metrics } from '../ops/metrics.js';
import type { ClientErrors } from './client-errors.js';
import { ConnectionPlaces } from './connection-places.js';
import { TrustedProxies } from './trusted-proxies.js';
import { UnreadResponses } from './unread-responses.js';

/** What the connections of one server may cost. */
export interface ConnectionLimits {
  readonly service: 'registry' | 'proxy';
  readonly maxConnections: number;
  readonly unreadTimeoutSeconds: number;
  readonly trustedProxies: readonly string[];
}

/**
 * Bounds what clients cost that say nothing, read nothing, or send what is no request. Their connections are counted by
 * reason; nothing of them is logged.
 */
export function watchConnections(
  server: Server,
  { service, maxConnections, unreadTimeoutSeconds, trustedProxies }: ConnectionLimits,
  clientErrors: ClientErrors,
  metrics: Metrics,
): void {
  const name = `lethe_${service}_connections_ended_total`;
  const counter = metrics.counter(name, 'Connections of clients that were ended early', ['why']);
  const count = (why: string): void => counter.inc({ why });
  clientErrors.report = count;
  new ConnectionPlaces(maxConnections, count, new TrustedProxies(trustedProxies)).attach(server);
  new UnreadResponses(unreadTimeoutSeconds * 1_000, () => count('unread')).attach(server);
}
