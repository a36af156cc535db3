import type { JsonObject, JsonValue } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';

/** As whom Lethe introduces itself to an upstream when no client stands behind a request, or a client has no name. */
export const LETHE_CLIENT_INFO = { name: 'lethe', version: '1' };

const MAX_TEXT = 128;

/** Name and version of a client, cut to a length that fits a session token. */
export function shortClientInfo(declared: JsonValue | undefined, otherwise = LETHE_CLIENT_INFO): JsonObject {
  const { name, version } = isObject(declared) ? declared : {};
  return { name: text(name, otherwise.name), version: text(version, otherwise.version) };
}

function text(value: JsonValue | undefined, otherwise: string): string {
  return typeof value === 'string' ? value.slice(0, MAX_TEXT) : otherwise;
}
