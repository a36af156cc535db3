import type { JsonObject } from '@lethe/contracts';
import { isObject, type RpcRequest } from '@lethe/mcp';
import { ELICITATION, prefixText } from '../../server-requests/attribution.js';
import type { ClientOutcome } from './era-translator.js';
import { clientCapabilitiesOf } from '../../protocol/envelope.js';
import { dataOf, RPC, type RpcError } from '../../protocol/rpc-error.js';

/**
 * JSON of the result that a legacy upstream's "URL elicitation required" becomes: input is required, and the call is made
 * again afterwards. The elicitation's id has no place any more. Undefined for other errors, and for clients without URLs.
 */
export function urlElicitation(request: RpcRequest, error: RpcError, source?: string): string | undefined {
  const asked = elicitationsOf(error);
  if (asked.length === 0 || !offersUrls(request)) return undefined;
  const inputRequests = Object.fromEntries(asked.map((each, at) => [`url-${at + 1}`, inputRequest(each, source)]));
  return JSON.stringify({ resultType: 'input_required', inputRequests });
}

/** The same for a client that opens no URLs; MCP 2026-07-28 forbids the legacy code (basic, error codes). */
export function urlsNotOffered({ message, data }: RpcError): ClientOutcome {
  const requiredCapabilities = { elicitation: { url: {} } };
  const outcome = { ...(isObject(data) && data), requiredCapabilities };
  return { error: { code: RPC.missingClientCapability, message, data: outcome }, status: 400 };
}

function elicitationsOf(error: RpcError): JsonObject[] {
  const { elicitations } = dataOf(error);
  const isAsked = error.code === RPC.urlElicitationRequired && Array.isArray(elicitations);
  return isAsked ? elicitations.filter(isObject) : [];
}

function inputRequest({ url, message }: JsonObject, source: string | undefined): JsonObject {
  return { method: ELICITATION, params: prefixText({ mode: 'url', url: url ?? '', message: message ?? '' }, source) };
}

function offersUrls(request: RpcRequest): boolean {
  const { elicitation } = clientCapabilitiesOf(request);
  return isObject(elicitation) && isObject(elicitation['url']);
}
