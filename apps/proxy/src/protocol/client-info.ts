import type { JsonObject, JsonValue } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';

/** Longest name or version that is passed on: a session token carries both in every request. */
const MAX_LENGTH = 128;

/** The client info of requests for which no client said who it is. */
export const LETHE_CLIENT_INFO = { name: 'lethe', version: '1' } as const;

/** Keeps only name and version of what a client said it is, cut to a safe length. */
export function toClientInfo(declared: JsonValue | undefined, fallback: { name: string; version: string }): JsonObject {
  const { name, version } = isObject(declared) ? declared : {};
  return { name: text(name, fallback.name), version: text(version, fallback.version) };
}

function text(value: JsonValue | undefined, fallback: string): string {
  return typeof value === 'string' ? value.slice(0, MAX_LENGTH) : fallback;
}
