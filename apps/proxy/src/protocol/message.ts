import {
  decodeMessage,
  type DecodeProblem,
  eraOf,
  type EraProblem,
  MODERN_VERSIONS,
  type RpcId,
  type RpcMessage,
} from '@lethe/mcp';
import { type ErrorCode, LetheError } from '@lethe/platform';
import type { Caller } from '../auth/caller.js';
import { ERAS } from './eras.js';
import type { EraRules } from './era-rules.js';
import type { MethodRule } from './method-table.js';
import type { McpHttpRequest } from './exchange.js';
import { McpErrorResponse } from './mcp-error-response.js';

/** One decoded message of an identified caller. */
export interface DecodedCall {
  readonly caller: Caller;
  readonly message: RpcMessage;
  readonly era: EraRules;
  /** Protocol version that the client speaks; in the legacy era what its session token says counts more. */
  readonly version: string;
  /** How its method is carried out; undefined for answers, and for what is no method of the era. */
  readonly rule: MethodRule | undefined;
}

const DECODE_ERRORS: Record<DecodeProblem, ErrorCode> = {
  not_json: 'parse_error',
  too_deep: 'message_invalid',
  duplicate_member: 'message_invalid',
  batch: 'message_invalid',
  not_a_message: 'message_invalid',
};

/**
 * @throws LetheError `parse_error`, `message_invalid`; Refusal around `params_invalid` (envelope), `header_mismatch`,
 * `version_unsupported`
 */
export function decodeCall(exchange: McpHttpRequest, caller: Caller): DecodedCall {
  const decoded = decodeMessage(exchange.body);
  if (!decoded.ok) throw new LetheError(DECODE_ERRORS[decoded.problem], { rule: decoded.problem });
  const { message } = decoded;
  const verdict = eraOf(message, exchange.headers.get('mcp-protocol-version'));
  if ('problem' in verdict) throw refusalOf(message, verdict);
  const era = ERAS[verdict.era];
  const mirror = message.kind === 'request' ? era.headerMismatch(message, exchange.headers) : undefined;
  if (mirror) throw new McpErrorResponse(new LetheError('header_mismatch', { ...mirror }), idOf(message), era);
  const rule = message.kind === 'response' ? undefined : era.methods.get(message.method);
  return { caller, message, era, version: verdict.version, rule };
}

function refusalOf(message: RpcMessage, verdict: EraProblem): McpErrorResponse {
  const id = idOf(message);
  if (verdict.problem === 'version_unsupported') {
    const { requested } = verdict;
    const detail = { supported: [...MODERN_VERSIONS], ...(requested !== undefined && { requested: plain(requested) }) };
    return new McpErrorResponse(new LetheError('version_unsupported', detail), id, ERAS.modern);
  }
  if (verdict.problem === 'header_mismatch') {
    return new McpErrorResponse(new LetheError('header_mismatch', { header: verdict.header }), id, ERAS.modern);
  }
  return new McpErrorResponse(new LetheError('params_invalid', { member: verdict.member }), id, ERAS.modern);
}

/** The specification asks to repeat the version; what does not look like one is not repeated. */
function plain(version: string): string {
  return /^v?\d[0-9A-Za-z.-]{0,31}$/.test(version) ? version : 'unknown';
}

/** Null for a notification: nobody waits for its answer. */
export function idOf(message: RpcMessage): RpcId | null {
  return message.kind === 'notification' ? null : message.id;
}
