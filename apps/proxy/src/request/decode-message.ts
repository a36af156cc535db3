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
import { ERAS } from '../protocol/eras.js';
import { eraRefusal } from '../protocol/served-eras.js';
import type { DecodedRequest, IdentifiedRequest } from './mcp-request.js';

const DECODE_ERRORS: Record<DecodeProblem, ErrorCode> = {
  not_json: 'parse_error',
  too_deep: 'message_invalid',
  duplicate_member: 'message_invalid',
  batch: 'message_invalid',
  not_a_message: 'message_invalid',
};

/**
 * Decodes the body of a POST, and checks that headers and body agree. The message is set before that check, so that an
 * error response can contain its id.
 * @throws LetheError `parse_error`, `message_invalid`, `params_invalid` (envelope), `header_mismatch`, `version_unsupported`,
 * `discover_refused`, `era_refused`
 */
export function decodeRequest(request: IdentifiedRequest): asserts request is DecodedRequest {
  const decoded = decodeMessage(request.body);
  if (!decoded.ok) throw new LetheError(DECODE_ERRORS[decoded.problem], { rule: decoded.problem });
  const { message } = decoded;
  const found = eraOf(message, request.headers.get('mcp-protocol-version'));
  if ('problem' in found) {
    request.setMessage({ message, era: ERAS.modern, version: '', rule: undefined });
    throw eraRefusal(request.caller.server, methodOf(message), requestedVersion(found)) ?? decodeError(found);
  }
  const era = ERAS[found.era];
  const rule = message.kind === 'response' ? undefined : era.methods.get(message.method);
  request.setMessage({ message, era, version: found.version, rule });
  if (found.era === 'modern') assertServed(request, message, found.version);
  const mismatch = message.kind === 'request' ? era.headers?.mismatch(message, request.headers) : undefined;
  if (mismatch) throw new LetheError('header_mismatch', { ...mismatch });
}

function assertServed({ caller }: IdentifiedRequest, message: RpcMessage, version: string): void {
  const refusal = eraRefusal(caller.server, methodOf(message), version);
  if (refusal) throw refusal;
}

function methodOf(message: RpcMessage): string | undefined {
  return message.kind === 'response' ? undefined : message.method;
}

function decodeError(found: EraProblem): LetheError {
  if (found.problem === 'version_unsupported') {
    const requested = requestedVersion(found);
    const detail = { supported: [...MODERN_VERSIONS], ...(requested !== undefined && { requested }) };
    return new LetheError('version_unsupported', detail);
  }
  if (found.problem === 'header_mismatch') return new LetheError('header_mismatch', { header: found.header });
  return new LetheError('params_invalid', { member: found.member });
}

function requestedVersion(found: EraProblem): string | undefined {
  if (found.problem !== 'version_unsupported' || found.requested === undefined) return undefined;
  return safeVersion(found.requested);
}

/** The error must name the requested version; text that does not look like a version is not repeated. */
function safeVersion(version: string): string {
  return /^v?\d[0-9A-Za-z.-]{0,31}$/.test(version) ? version : 'unknown';
}

/** The id for the response; null for a notification, which has none. */
export function idOf(message: RpcMessage): RpcId | null {
  return message.kind === 'notification' ? null : message.id;
}
