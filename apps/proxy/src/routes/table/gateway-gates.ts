import type { ManifestGateway } from '@lethe/contracts';
import { LRUCache } from 'lru-cache';
import { GatewayGate } from './gateway-gate.js';

/** How many gateways are remembered. */
const MAX_GATES = 10_000;

/**
 * The gates of all gateways: one for each configuration of a gateway, for all virtual servers that have it. What a gate
 * knows of an upstream stays when a virtual server is published again.
 */
export class GatewayGates {
  private readonly gates = new LRUCache<string, GatewayGate>({ max: MAX_GATES });

  /** Called when a circuit opens, and when it closes again. */
  onChange: (gateway: string, isOpen: boolean) => void = () => undefined;

  of({ id, slug, configRevision, limits }: ManifestGateway): GatewayGate {
    const key = `${id} ${configRevision}`;
    const gate = this.gates.get(key) ?? new GatewayGate(slug, (...change) => this.onChange(...change));
    this.gates.set(key, gate);
    gate.configure(limits);
    return gate;
  }
}
