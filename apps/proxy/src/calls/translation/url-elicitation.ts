import type { JsonObject } from '@lethe/contracts';
import { isObject, type RpcRequest } from '@lethe/mcp';
import { ELICITATION } from '../../server-requests/elicitations.js';
import type { ClientOutcome } from './era-translation.js';
import { clientCapabilitiesOf } from '../../protocol/envelope.js';
import { dataOf, RPC, type RpcError } from '../../protocol/rpc-error.js';

/**
 * Translates a legacy upstream's "URL elicitation required" error into the JSON of an `input_required` result, after which
 * the client repeats the call. Undefined for other errors, and for clients that do not support URL elicitation.
 */
export function urlInputRequired(request: RpcRequest, error: RpcError): string | undefined {
  const elicitations = elicitationsOf(error);
  if (elicitations.length === 0 || !supportsUrls(request)) return undefined;
  const inputRequests = Object.fromEntries(
    elicitations.map((elicitation, index) => [`url-${index + 1}`, inputRequest(elicitation)]),
  );
  return JSON.stringify({ resultType: 'input_required', inputRequests });
}

/**
 * Translates the same error for a client that does not support URL elicitation: the legacy error code is not allowed in
 * the modern era. https://modelcontextprotocol.io/specification/2026-07-28/basic#error-codes
 */
export function urlModeNotSupported({ message, data }: RpcError): ClientOutcome {
  const requiredCapabilities = { elicitation: { url: {} } };
  const extended = { ...(isObject(data) && data), requiredCapabilities };
  return { error: { code: RPC.missingClientCapability, message, data: extended }, status: 400 };
}

function elicitationsOf(error: RpcError): JsonObject[] {
  const { elicitations } = dataOf(error);
  const isRequired = error.code === RPC.urlElicitationRequired && Array.isArray(elicitations);
  return isRequired ? elicitations.filter(isObject) : [];
}

/** Without the elicitation's id, which the modern form does not have. */
function inputRequest({ url, message }: JsonObject): JsonObject {
  return { method: ELICITATION, params: { mode: 'url', url: url ?? '', message: message ?? '' } };
}

function supportsUrls(request: RpcRequest): boolean {
  const { elicitation } = clientCapabilitiesOf(request);
  return isObject(elicitation) && isObject(elicitation['url']);
}
