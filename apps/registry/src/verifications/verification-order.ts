import type { VerificationOrder, OrderSubject } from '@lethe/contracts';
import type { Settings } from '@lethe/platform';
import { canonicalJson } from '@lethe/sealing';
import type { GatewayConfig } from '../gateways/gateway-config.entity.js';
import type { Verification } from './verification.entity.js';

/** The part of an order that its receipt repeats. Build it only from rows whose authentication codes were checked. */
export function orderSubject(
  verification: Pick<Verification, 'id' | 'attempt'>,
  slug: string,
  config: GatewayConfig,
): OrderSubject {
  return {
    vid: verification.id,
    gatewayId: config.gatewayId,
    slug,
    url: config.url,
    transport: config.transport,
    mappings: config.mappings,
    configRevision: config.revision,
    attempt: verification.attempt,
  };
}

/** Whether two orders are the same. */
export function isSameOrder(a: OrderSubject, b: OrderSubject): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

/** A started verification, and the order for it. */
export interface BegunVerification {
  verification: Verification;
  order: VerificationOrder;
}

/** How long after the end of its slot a result may still arrive: the longest handshake, and time for the result to travel. */
export function resultTimeMs({ handshakeTimeoutMs, resultMarginMs }: Settings): number {
  return handshakeTimeoutMs + resultMarginMs;
}
