import type { JsonObject } from '@lethe/contracts';
import { isObject, type RpcRequest } from '@lethe/mcp';
import { ELICITATION, prefixText } from '../../server-requests/attribution.js';
import type { ClientOutcome } from './era-translator.js';
import { neededCapability, relayedClientCapabilities } from '../../protocol/capabilities.js';
import { clientCapabilitiesOf } from '../../protocol/envelope.js';

/** What a legacy upstream asks of a client. */
export interface InputRequest {
  readonly method: string;
  readonly params: JsonObject;
}

/** The one input that is asked for at a time. */
export const INPUT_CAPABILITIES = 'input';

/** Capabilities of a modern client as a legacy upstream is offered them; changes of roots can't be told any more. */
export function offeredBy(request: RpcRequest): JsonObject {
  const relayed = relayedClientCapabilities(clientCapabilitiesOf(request));
  return relayed['roots'] === undefined ? relayed : { ...relayed, roots: {} };
}

/** What an upstream asks, in the modern form and under its name; undefined for what this client was not offered for. */
export function toInputRequest(
  method: string,
  params: JsonObject,
  offered: JsonObject,
  source?: string,
): InputRequest | undefined {
  const capability = neededCapability(method);
  if (capability === undefined || !isObject(offered[capability])) return undefined;
  const { _meta: _kept, task: _task, elicitationId: _id, ...rest } = params;
  return { method, params: method === ELICITATION ? prefixText(rest, source) : rest };
}

/** MCP 2026-07-28, multi round-trip requests. */
export function inputRequired({ method, params }: InputRequest, requestState: string): ClientOutcome {
  const inputRequests = { [INPUT_CAPABILITIES]: { method, params } };
  return { resultJson: JSON.stringify({ resultType: 'input_required', inputRequests, requestState }) };
}

/** What the client answered, as the result of the upstream's request; undefined when it did not. */
export function inputResponse({ params }: RpcRequest): JsonObject | undefined {
  const { inputResponses } = params;
  const answer = isObject(inputResponses) ? inputResponses[INPUT_CAPABILITIES] : undefined;
  return isObject(answer) ? answer : undefined;
}
