import type { JsonValue } from '@lethe/contracts';
import { editObject, isObject, memberText, parseJson } from '@lethe/mcp';
import type { UpstreamAccess } from '../credentials/upstream-credentials.js';

/** The server request that shows a message to a person. */
export const ELICITATION = 'elicitation/create';
/** Longest response that is searched for elicitations. */
export const MAX_ATTRIBUTED_BYTES = 64 * 1024;

/**
 * The name that a gateway's elicitations are prefixed with. Undefined for a virtual server with one gateway: clients
 * show the virtual server's name, which is enough (ADR 0010).
 */
export function sourceName({ caller, gateway }: UpstreamAccess): string | undefined {
  return caller.server.gateways.length > 1 ? gateway.name : undefined;
}

/** A message to a person, prefixed with the gateway's name. */
export function prefixRequest(source: string | undefined, message: JsonValue | undefined): JsonValue | undefined {
  return source !== undefined && typeof message === 'string' ? `[${source}] ${message}` : message;
}

/**
 * The JSON of a response, with all messages to a person prefixed: those of `input_required` (MCP 2026-07-28, multi
 * round-trip requests), and of URLs to open first.
 * https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation
 */
export function prefixSource(json: string, source: string): string {
  if (json.length > MAX_ATTRIBUTED_BYTES || !/inputRequests|elicitations|\\u/.test(json)) return json;
  const message = parseJson(json);
  const { result, error } = isObject(message) ? message : {};
  const inputRequests = isObject(result) && isObject(result['inputRequests']) ? result['inputRequests'] : {};
  const label = (text: string): string => JSON.stringify(prefixRequest(source, parseJson(text)) ?? null);
  let shown = json;
  for (const [key, input] of Object.entries(inputRequests)) {
    if (isElicitation(input)) shown = editAt(shown, ['result', 'inputRequests', key, 'params', 'message'], label);
  }
  const first = isObject(error) && isObject(error['data']) ? error['data']['elicitations'] : undefined;
  if (!Array.isArray(first)) return shown;
  const elicitations = first.map((each) => (isObject(each) ? prefixText(each, source) : each));
  return editAt(shown, ['error', 'data', 'elicitations'], () => JSON.stringify(elicitations));
}

/** Parameters of an elicitation with their message prefixed. */
export function prefixText<T extends Readonly<Record<string, JsonValue>>>(params: T, source: string | undefined): T {
  const message = prefixRequest(source, params['message']);
  return message === undefined ? params : { ...params, message };
}

function isElicitation(input: JsonValue): boolean {
  if (!isObject(input) || input['method'] !== ELICITATION) return false;
  const { params } = input;
  return isObject(params) && typeof params['message'] === 'string';
}

/** JSON with the value at a path edited; unchanged when the path does not exist. */
function editAt(json: string, [name, ...rest]: readonly string[], edit: (value: string) => string): string {
  if (name === undefined) return edit(json);
  const value = json.trimStart().startsWith('{') ? memberText(json, name) : undefined;
  return value === undefined ? json : editObject(json, { [name]: editAt(value, rest, edit) });
}
