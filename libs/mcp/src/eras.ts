import type { Era, JsonObject, JsonValue } from '@lethe/contracts';
import { isObject } from './json/value.js';
import type { RpcMessage } from './json-rpc.js';

/** Newest first. A client that requests an unsupported version gets the first one. */
export const LEGACY_VERSIONS = ['2025-11-25', '2025-06-18', '2025-03-26'] as const;
/** Supported modern versions. */
export const MODERN_VERSIONS = ['2026-07-28'] as const;

/** Assumed when a legacy request names no version (MCP 2025-06-18, transports, protocol version header). */
export const ASSUMED_LEGACY_VERSION = '2025-03-26';

/** Members of `_meta` in modern messages (MCP 2026-07-28, basic). */
export const META = {
  protocolVersion: 'io.modelcontextprotocol/protocolVersion',
  clientCapabilities: 'io.modelcontextprotocol/clientCapabilities',
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  serverInfo: 'io.modelcontextprotocol/serverInfo',
  logLevel: 'io.modelcontextprotocol/logLevel',
  subscriptionId: 'io.modelcontextprotocol/subscriptionId',
} as const;

/** Why a message belongs to no supported version. */
export type EraProblem =
  | { problem: 'envelope_invalid'; member: string }
  | { problem: 'header_mismatch'; header: string }
  | { problem: 'version_unsupported'; requested: string | undefined };

/** The era and version of a message, or why it has none. */
export type EraVerdict = { era: Era; version: string } | EraProblem;

/**
 * The era of a message: modern if `_meta` of its body has a protocol version, otherwise legacy. The header does not decide
 * the era but must agree with the body (MCP 2026-07-28, basic/versioning).
 */
export function eraOf(message: RpcMessage, versionHeader: string | undefined): EraVerdict {
  if (message.kind === 'response') return legacy(versionHeader);
  const meta = message.params['_meta'];
  const claim = isObject(meta) ? meta[META.protocolVersion] : undefined;
  const isInitialize = message.kind === 'request' && message.method === 'initialize';
  if (isInitialize && !isModernVersion(claim)) return initializeVerdict(message.params, versionHeader);
  if (isObject(meta) && claim !== undefined) return modernVerdict(message, meta, versionHeader);
  if (!isModernVersion(versionHeader)) return legacy(versionHeader);
  if (message.kind === 'notification') return { era: 'modern', version: versionHeader };
  return { problem: 'envelope_invalid', member: isObject(meta) ? META.protocolVersion : '_meta' };
}

function modernVerdict(message: RpcMessage, meta: JsonObject, versionHeader: string | undefined): EraVerdict {
  const claim = meta[META.protocolVersion];
  if (typeof claim !== 'string') return { problem: 'envelope_invalid', member: META.protocolVersion };
  if (message.kind === 'request' && !isObject(meta[META.clientCapabilities])) {
    return { problem: 'envelope_invalid', member: META.clientCapabilities };
  }
  if (versionHeader !== undefined && versionHeader !== claim) {
    return { problem: 'header_mismatch', header: 'MCP-Protocol-Version' };
  }
  return isModernVersion(claim)
    ? { era: 'modern', version: claim }
    : { problem: 'version_unsupported', requested: claim };
}

function initializeVerdict(params: JsonObject, versionHeader: string | undefined): EraVerdict {
  if (isModernVersion(versionHeader)) return { problem: 'header_mismatch', header: 'MCP-Protocol-Version' };
  return { era: 'legacy', version: negotiateLegacyVersion(params['protocolVersion']) };
}

function legacy(versionHeader: string | undefined): EraVerdict {
  if (versionHeader === undefined) return { era: 'legacy', version: ASSUMED_LEGACY_VERSION };
  const version = LEGACY_VERSIONS.find((known) => known === versionHeader);
  return version ? { era: 'legacy', version } : { problem: 'version_unsupported', requested: versionHeader };
}

/** The requested version if it is supported, otherwise the newest (MCP 2025-11-25, lifecycle, version negotiation). */
export function negotiateLegacyVersion(requested: JsonValue | undefined): string {
  return LEGACY_VERSIONS.find((version) => version === requested) ?? LEGACY_VERSIONS[0];
}

function isModernVersion(version: JsonValue | undefined): version is string {
  return MODERN_VERSIONS.some((known) => known === version);
}
