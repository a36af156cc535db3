import type { Era } from '@lethe/contracts';
import type { UpstreamResponse } from '../client/guarded-client.js';
import { isObject } from '@lethe/mcp';

const UNSUPPORTED_PROTOCOL_VERSION = -32022;
const FIRST_MODERN_VERSION = '2026-07-28';

/**
 * The era of an upstream whose response to `server/discover` can't be used. Only error -32022 that lists modern versions alone
 * proves a modern upstream (with versions that we do not speak), and a result that lists our version (with something that
 * can't be read). Any other response may come from a server that knows `initialize`. Rejected credentials, server errors
 * and timeouts have been handled before.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning
 */
export function eraFromProbe(response: UpstreamResponse | undefined): Era {
  if (isDiscovered(response)) return 'modern';
  const error = response?.message?.error;
  if (!isObject(error) || error.code !== UNSUPPORTED_PROTOCOL_VERSION || !isObject(error.data)) return 'legacy';
  const { supported } = error.data;
  if (!Array.isArray(supported)) return 'legacy';
  const isLegacyOffered = supported.some((version) => typeof version === 'string' && version < FIRST_MODERN_VERSION);
  return isLegacyOffered || supported.length === 0 ? 'legacy' : 'modern';
}

/** Whether a response is a result of `server/discover`, and our version is among the upstream's. */
export function isDiscovered(response: UpstreamResponse | undefined): boolean {
  const result = response?.message?.result;
  const supported = isObject(result) ? result.supportedVersions : undefined;
  return Array.isArray(supported) && supported.includes(FIRST_MODERN_VERSION);
}
