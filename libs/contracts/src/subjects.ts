/** All subjects of the bus: `lethe.<owner>.<noun>.<what happened>.v1`. No other file contains a subject. */
export const SUBJECTS = {
  slotLend: 'lethe.connector.slot.lend.v1',
  handshake: 'lethe.connector.handshake.*.*.v1',
  verificationCancel: 'lethe.connector.verification.cancel.*.v1',
  probe: 'lethe.connector.probe.v1',
  cataloguePart: 'lethe.connector.catalogue.part.v1',
  gatewayVerified: 'lethe.connector.gateway.verified.v1',
  gatewayVerificationFailed: 'lethe.connector.gateway.verification-failed.v1',
  connectorAnnounced: 'lethe.connector.identity.announced.v1',
  routesDigest: 'lethe.registry.routes.digest.v1',
  routesFetch: 'lethe.registry.routes.fetch.v1',
  routesApplied: 'lethe.proxy.routes.applied.v1',
  keysUsed: 'lethe.proxy.keys.used.v1',
  sessionEnded: 'lethe.proxy.session.ended.v1',
  gatewaysSeen: 'lethe.proxy.gateways.seen.v1',
  callsSeen: 'lethe.proxy.calls.seen.v1',
  keptRefused: 'lethe.proxy.kept.refused.v1',
  inputDeliver: 'lethe.proxy.input.deliver.*.v1',
  callCancelled: 'lethe.proxy.call.cancelled.v1',
  dead: 'lethe.dead.v1',
} as const;

/** The JetStream stream of durable events, and its subjects. It must never contain a handshake subject. */
export const EVENT_STREAM = {
  name: 'lethe-events',
  subjects: [SUBJECTS.cataloguePart, SUBJECTS.gatewayVerified, SUBJECTS.gatewayVerificationFailed, SUBJECTS.dead],
} as const;

/** The subject for the sealed credential of one slot. No stream may capture it. */
export function handshakeSubject(connector: string, slot: string): string {
  return `lethe.connector.handshake.${connector}.${slot}.v1`;
}

/** The subject on which one connector is asked to cancel a verification. */
export function cancelSubject(connector: string): string {
  return `lethe.connector.verification.cancel.${connector}.v1`;
}

/** The subject for what a client answered to a request of one replica of the proxy. */
export function inputSubject(replica: string): string {
  return `lethe.proxy.input.deliver.${replica}.v1`;
}
