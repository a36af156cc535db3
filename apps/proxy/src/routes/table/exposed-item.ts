import type { ItemKind, JsonObject } from '@lethe/contracts';
import { isObject, type MirroredArgument, mirroredArguments } from '@lethe/mcp';
import type { Gateway } from './gateway.js';

/** Cached by schema: all virtual servers that expose a tool share the schema's object. */
const mirrored = new WeakMap<JsonObject, readonly MirroredArgument[]>();

/** One exposed item: its name for clients, its gateway, and its name at the upstream. */
export class ExposedItem {
  constructor(
    readonly kind: ItemKind,
    readonly exposed: string,
    readonly gateway: Gateway,
    readonly own: string,
    /** The definition that lists show; undefined for a resource that is in no list. */
    readonly definition: JsonObject | undefined,
  ) {}

  /** Arguments that modern clients repeat in headers; read from the schema at the first call. */
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
