import type { JsonObject } from '@lethe/contracts';
import { isObject } from './json/value.js';

/** A client's name and version as `initialize` tells them (MCP, lifecycle, `clientInfo`). */
export interface ClientInfo {
  readonly name: string;
  readonly version: string;
}

/** Who Lethe says it is to an upstream that it asks for itself. */
export const LETHE_CLIENT_INFO = { name: 'lethe', version: '1' } as const satisfies ClientInfo;

const MAX_TEXT = 128;

/** Name and version of what a client says about itself, and nothing else of it; cut, as they travel in tokens. */
export function clientInfoFrom(given: unknown, otherwise: ClientInfo): JsonObject {
  const { name, version } = isObject(given) ? given : {};
  return { name: shortText(name, otherwise.name), version: shortText(version, otherwise.version) };
}

function shortText(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value.slice(0, MAX_TEXT) : otherwise;
}
