import { CallCancelled, DeliverInput, RoutesDigest, SessionEnded } from '@lethe/contracts';
import type { BusListener } from '@lethe/messaging';
import type { ReplicaMessages } from './replicas/replica-messages.js';
import type { Routes } from './routes/snapshot/routes.js';
import type { EndedSessions } from './sessions/ended-sessions.js';

/** Those who handle what a proxy is told over the bus. */
export interface BusHandlers {
  readonly routes: Routes;
  readonly endedSessions: EndedSessions;
  readonly replicaMessages: ReplicaMessages;
}

/** Names what a proxy hears on the bus: the registry's digest of what is published, and the messages of its other replicas. */
export function listenToBus(listener: BusListener, { routes, endedSessions, replicaMessages }: BusHandlers): void {
  listener.onNotice(RoutesDigest, (digest) => routes.compare(digest));
  listener.onNotice(SessionEnded, (session) => endedSessions.remember(session));
  listener.onNotice(CallCancelled, (notice) => replicaMessages.receiveCancellation(notice));
  listener.respond(DeliverInput, replicaMessages.subject, async (input) => replicaMessages.receive(input));
}
