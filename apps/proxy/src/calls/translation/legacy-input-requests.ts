import type { JsonObject } from '@lethe/contracts';
import { isObject, type RpcRequest } from '@lethe/mcp';
import { ELICITATION, type Elicitations } from '../../server-requests/elicitations.js';
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
 * Translates an upstream's request into the modern form. Undefined if the client does not support it; null if it asks a
 * person to open a URL that may not be opened.
 */
export function toInputRequest(
  method: string,
  params: JsonObject,
  clientCapabilities: JsonObject,
  elicitations: Elicitations,
): InputRequest | null | undefined {
  const capability = neededCapability(method);
  if (capability === undefined || !isObject(clientCapabilities[capability])) return undefined;
  const { _meta: _removed, task: _task, elicitationId: _id, ...rest } = params;
  const shown = method === ELICITATION ? elicitations.shown(rest) : rest;
  return shown ? { method, params: shown } : null;
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
