import type { JsonObject } from '@lethe/contracts';
import { hasRepeatedMember, isObject, memberText, ObjectText, parseJson } from '@lethe/mcp';
import { neededCapability } from '../../protocol/capabilities.js';
import { asTexts, ELICITATION } from '../../server-requests/elicitations.js';

/** One of the `inputRequests` of a modern upstream. */
export interface RequestedInput {
  readonly key: string;
  readonly method: string;
  readonly params: JsonObject;
  /** As the upstream wrote it; undefined if there is none. */
  readonly paramsJson: string | undefined;
}

/**
 * What a modern upstream needs before it can respond.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr#inputrequiredresult
 */
export interface RequiredInput {
  readonly requests: readonly RequestedInput[];
  /** JSON of the state that goes back to the upstream. */
  readonly requestStateJson: string | undefined;
}

/** The client's input for the next request. */
export interface GivenInput {
  /** JSON of `inputResponses`; undefined if the upstream needed none. */
  readonly responsesJson: string | undefined;
  readonly requestStateJson: string | undefined;
}

const INPUT_REQUIRED = 'input_required';

/** Reads an `input_required` result. Undefined for other results; null for one that breaks the specification. */
export function requiredInput(resultJson: string): RequiredInput | null | undefined {
  if (!resultJson.includes(INPUT_REQUIRED)) return undefined;
  const result = parseJson(resultJson);
  if (!isObject(result) || result['resultType'] !== INPUT_REQUIRED) return undefined;
  const { inputRequests = {}, requestState } = result;
  if (!isObject(inputRequests) || (requestState !== undefined && typeof requestState !== 'string')) return null;
  const texts = new ObjectText(memberText(resultJson, 'inputRequests') ?? '{}');
  const requests = Object.entries(inputRequests).map(([key, request]) => requestedInput(key, request, texts));
  const read = requests.filter((request) => request !== undefined);
  if (read.length < requests.length || (read.length === 0 && requestState === undefined)) return null;
  return { requests: read, requestStateJson: memberText(resultJson, 'requestState') };
}

function requestedInput(key: string, request: JsonObject[string], texts: ObjectText): RequestedInput | undefined {
  if (!isObject(request)) return undefined;
  const { method, params = {} } = request;
  if (typeof method !== 'string' || !isObject(params)) return undefined;
  const paramsJson = memberText(texts.get(key) ?? '{}', 'params');
  // Another parser than Lethe's could read another mode, which the client did not declare.
  return hasRepeatedMember(paramsJson ?? '{}') ? undefined : { key, method, params, paramsJson };
}

/**
 * Whether the client declared that it can answer this. `elicitation: {}` means forms alone.
 * https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation#capabilities
 */
export function canAnswer(capabilities: JsonObject, { method, params }: RequestedInput): boolean {
  const name = neededCapability(method);
  const declared = name === undefined ? undefined : capabilities[name];
  if (!isObject(declared) || method !== ELICITATION) return isObject(declared);
  if (isUrlElicitation(params)) return isObject(declared['url']);
  return isObject(declared['form']) || declared['url'] === undefined;
}

/** Whether an elicitation opens a URL. */
export function isUrlElicitation(params: JsonObject): boolean {
  return params['mode'] === 'url';
}

/**
 * JSON of the request as a legacy upstream would send it. A URL gets the id that it has in the legacy era.
 * @param shown members of an elicitation that the client gets in another form
 */
export function legacyRequest(
  id: string,
  { method, paramsJson }: RequestedInput,
  shown: JsonObject,
  elicitationId: string | undefined,
): string {
  const edits = {
    ...asTexts(shown),
    ...(elicitationId !== undefined && { elicitationId: JSON.stringify(elicitationId) }),
  };
  const edited = paramsJson === undefined ? undefined : new ObjectText(paramsJson).with(edits);
  const tail = edited === undefined ? '' : `,"params":${edited}`;
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"method":${JSON.stringify(method)}${tail}}`;
}

/** JSON of `inputResponses`: each result as the client wrote it. */
export function inputResponses(results: readonly (readonly [key: string, resultJson: string])[]): string {
  return `{${results.map(([key, json]) => `${JSON.stringify(key)}:${json}`).join(',')}}`;
}
