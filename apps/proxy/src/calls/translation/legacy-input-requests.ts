import type { JsonObject } from '@lethe/contracts';
import { isObject, type RpcRequest } from '@lethe/mcp';
import { ELICITATION, prefixText } from '../../server-requests/attribution.js';
import { neededCapability, relayedClientCapabilities, withoutRootChanges } from '../../protocol/capabilities.js';
import type { ClientOutcome } from './era-translation.js';
import { clientCapabilitiesOf } from '../../protocol/envelope.js';

/** A request of a legacy upstream, as one of the `inputRequests` of a modern result. */
export interface InputRequest {
  readonly method: string;
  readonly params: JsonObject;
}

/** The key of the input request: there is only one at a time. */
const INPUT_KEY = 'input';

/** The capabilities of a modern client that are declared to a legacy upstream. */
export function capabilitiesForUpstream(request: RpcRequest): JsonObject {
  return withoutRootChanges(relayedClientCapabilities(clientCapabilitiesOf(request)));
}

/**
 * Translates an upstream's request into the modern form; its text for the user begins with the source's name. Undefined if
 * the client does not support it.
 */
export function toInputRequest(
  method: string,
  params: JsonObject,
  clientCapabilities: JsonObject,
  source?: string,
): InputRequest | undefined {
  const capability = neededCapability(method);
  if (capability === undefined || !isObject(clientCapabilities[capability])) return undefined;
  const { _meta: _removed, task: _task, elicitationId: _id, ...rest } = params;
  return { method, params: method === ELICITATION ? prefixText(rest, source) : rest };
}

/** https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr */
export function inputRequired({ method, params }: InputRequest, requestState: string): ClientOutcome {
  const inputRequests = { [INPUT_KEY]: { method, params } };
  return { resultJson: JSON.stringify({ resultType: 'input_required', inputRequests, requestState }) };
}

/** The client's input, which becomes the result of the upstream's request; undefined if the client sent none. */
export function inputResponse({ params }: RpcRequest): JsonObject | undefined {
  const { inputResponses } = params;
  const input = isObject(inputResponses) ? inputResponses[INPUT_KEY] : undefined;
  return isObject(input) ? input : undefined;
}
