import type { ItemKind, JsonObject } from '@lethe/contracts';
import { type MirroredArgument, mirroredArguments } from '@lethe/mcp';
import type { GatewayRoute } from './gateway-route.js';

/** One exposed item: what clients call it, whose it is, and what the upstream calls it. */
export class Route {
  private mirrored: readonly MirroredArgument[] | undefined;

  constructor(
    readonly kind: ItemKind,
    readonly exposed: string,
    readonly gateway: GatewayRoute,
    readonly own: string,
    /** As listed; undefined for a resource that no list names. */
    readonly definition: JsonObject | undefined,
  ) {}

  /** Arguments that clients of the modern era repeat in headers; read from the schema at the first call. */
  mirroredArguments(): readonly MirroredArgument[] {
    this.mirrored ??= mirroredArguments(this.definition?.['inputSchema']);
    return this.mirrored;
  }
}
