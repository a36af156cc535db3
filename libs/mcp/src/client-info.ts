import type { JsonObject } from '@lethe/contracts';
import { isObject } from './json/value.js';

/** A client's name and version, as in `initialize` (MCP, lifecycle, `clientInfo`). */
export interface ClientInfo {
  readonly name: string;
  readonly version: string;
}

/** The client info of requests that Lethe itself sends to upstreams. */
export const LETHE_CLIENT_INFO = { name: 'lethe', version: '1' } as const satisfies ClientInfo;

const MAX_TEXT = 128;

/** The name and version of a client's info, shortened, because session tokens contain them. Other members are dropped. */
export function clientInfoFrom(given: unknown, otherwise: ClientInfo): JsonObject {
  const { name, version } = isObject(given) ? given : {};
  return { name: shortText(name, otherwise.name), version: shortText(version, otherwise.version) };
}

/** The name and version of a client's info, such as `claude-code/2.1`; empty if it has no name. */
export function clientName(given: unknown): string {
  const { name, version } = isObject(given) ? given : {};
  if (typeof name !== 'string' || name === '') return '';
  return typeof version === 'string' && version !== '' ? `${name}/${version}` : name;
}

function shortText(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value.slice(0, MAX_TEXT) : otherwise;
}
