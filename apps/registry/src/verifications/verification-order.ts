import type { OrderClaims, OrderSubject } from '@lethe/contracts';
import type { Settings } from '@lethe/platform';
import { canonicalJson } from '@lethe/sealing';
import type { GatewayConfig } from '../gateways/gateway-config.entity.js';
import type { Verification } from './verification.entity.js';

/** What an order and its receipt say of a verification. Made of rows whose authentication codes were checked. */
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

/** Whether a receipt's order is the one that was given. */
export function isSameOrder(a: OrderSubject, b: OrderSubject): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

/** A verification that was begun, and the order for it. */
export interface Begun {
  verification: Verification;
  order: OrderClaims;
}

/** How long after the end of its slot a result may still arrive: the longest handshake, and time for the result to travel. */
export function resultTimeMs({ handshakeTimeoutMs, resultMarginMs }: Settings): number {
  return handshakeTimeoutMs + resultMarginMs;
}
