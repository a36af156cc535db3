import type { ItemKind, JsonObject } from '@lethe/contracts';
import { isObject, type MirroredArgument, mirroredArguments } from '@lethe/mcp';
import type { Gateway } from './gateway.js';

/** By the schema they are read from, which all virtual servers that expose a tool share. */
const mirrored = new WeakMap<JsonObject, readonly MirroredArgument[]>();

/** One exposed item: what clients call it, whose it is, and what the upstream calls it. */
export class ExposedItem {
  constructor(
    readonly kind: ItemKind,
    readonly exposed: string,
    readonly gateway: Gateway,
    readonly own: string,
    /** As listed; undefined for a resource that no list names. */
    readonly definition: JsonObject | undefined,
  ) {}

  /** Arguments that clients of the modern era repeat in headers; read from the schema at the first call. */
  paramHeaders(): readonly MirroredArgument[] {
    const schema = this.definition?.['inputSchema'];
    if (!isObject(schema)) return mirroredArguments(schema);
    const known = mirrored.get(schema);
    if (known) return known;
    const read = mirroredArguments(schema);
    mirrored.set(schema, read);
    return read;
  }
}
