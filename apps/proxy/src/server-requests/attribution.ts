import type { JsonValue } from '@lethe/contracts';
import { editObject, isObject, memberText, parseJson } from '@lethe/mcp';
import type { UpstreamAccess } from '../credentials/upstream-access.js';

/** The request of an upstream whose message a person reads. */
export const ELICITATION = 'elicitation/create';
/** Longest answer that is looked into; a question is short. */
export const MAX_ATTRIBUTED_BYTES = 64 * 1024;

/**
 * Under which name a gateway asks a person. A client shows the name of the virtual server it is connected to; where that is
 * one gateway alone it says enough, and undefined is returned (docs/adr/0010).
 */
export function sourceName({ caller, gateway }: UpstreamAccess): string | undefined {
  return caller.server.gateways.length > 1 ? gateway.name : undefined;
}

/** A message to a person with the asker in front. */
export function prefixRequest(source: string | undefined, message: JsonValue | undefined): JsonValue | undefined {
  return source !== undefined && typeof message === 'string' ? `[${source}] ${message}` : message;
}

/**
 * The JSON of an answer whose questions to a person, if it asks any, have the asker in front: those of `input_required`
 * (MCP 2026-07-28, multi round-trip requests), and URLs to open first (MCP 2025-11-25, elicitation).
 */
export function prefixSource(json: string, source: string): string {
  if (json.length > MAX_ATTRIBUTED_BYTES || !/inputRequests|elicitations|\\u/.test(json)) return json;
  const message = parseJson(json);
  const { result, error } = isObject(message) ? message : {};
  const asked = isObject(result) && isObject(result['inputRequests']) ? result['inputRequests'] : {};
  const label = (text: string): string => JSON.stringify(prefixRequest(source, parseJson(text)) ?? null);
  let shown = json;
  for (const [key, input] of Object.entries(asked)) {
    if (asksPerson(input)) shown = editAt(shown, ['result', 'inputRequests', key, 'params', 'message'], label);
  }
  const first = isObject(error) && isObject(error['data']) ? error['data']['elicitations'] : undefined;
  if (!Array.isArray(first)) return shown;
  const elicitations = first.map((each) => (isObject(each) ? prefixText(each, source) : each));
  return editAt(shown, ['error', 'data', 'elicitations'], () => JSON.stringify(elicitations));
}

/** Parameters of an elicitation with the asker in front of its message. */
export function prefixText<T extends Readonly<Record<string, JsonValue>>>(params: T, source: string | undefined): T {
  const message = prefixRequest(source, params['message']);
  return message === undefined ? params : { ...params, message };
}

function asksPerson(input: JsonValue): boolean {
  if (!isObject(input) || input['method'] !== ELICITATION) return false;
  const { params } = input;
  return isObject(params) && typeof params['message'] === 'string';
}

/** JSON with the value at a path edited; as it was where the path leads nowhere. */
function editAt(json: string, [name, ...rest]: readonly string[], edit: (value: string) => string): string {
  if (name === undefined) return edit(json);
  const value = json.trimStart().startsWith('{') ? memberText(json, name) : undefined;
  return value === undefined ? json : editObject(json, { [name]: editAt(value, rest, edit) });
}
