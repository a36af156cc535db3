import type { JsonObject, JsonValue } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';

/** What upstreams may ask of a client (MCP 2025-11-25, client features). Tasks are not: they can't be carried on. */
const OFFERED = ['roots', 'sampling', 'elicitation'] as const;
const MAX_BYTES = 512;

/** The client's capabilities that are offered to upstreams, as it declared them; they travel in the session token. */
export function forwardedClientCapabilities(declared: JsonValue | undefined): JsonObject {
  if (!isObject(declared)) return {};
  const offered = Object.fromEntries(
    OFFERED.flatMap((name) => (isObject(declared[name]) ? [[name, declared[name]] as const] : [])),
  );
  if (JSON.stringify(offered).length <= MAX_BYTES) return offered;
  return Object.fromEntries(Object.keys(offered).map((name) => [name, {}]));
}
