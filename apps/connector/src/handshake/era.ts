import type { Era } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';
import type { Answer } from './dialler.js';

const UNSUPPORTED_PROTOCOL_VERSION = -32022;
const FIRST_MODERN_VERSION = '2026-07-28';

/**
 * What an unsuccessful `server/discover` says of the upstream's era. Only -32022 naming modern versions is evidence of a
 * modern upstream (one of versions we do not speak); whatever else an answering server says, it may know `initialize`.
 * Refusals, server errors and silence never come this far.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning
 */
export function eraOfProbe(answer: Answer | undefined): Era {
  const error = answer?.message?.error;
  if (!isObject(error) || error.code !== UNSUPPORTED_PROTOCOL_VERSION || !isObject(error.data)) return 'legacy';
  const { supported } = error.data;
  if (!Array.isArray(supported)) return 'legacy';
  const isLegacyOffered = supported.some((version) => typeof version === 'string' && version < FIRST_MODERN_VERSION);
  return isLegacyOffered || supported.length === 0 ? 'legacy' : 'modern';
}
