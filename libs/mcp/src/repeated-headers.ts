import type { JsonObject, JsonValue } from '@lethe/contracts';
import { isObject } from './json/value.js';
import type { RpcRequest } from './json-rpc.js';

/** A header that does not match the body, and the reason. Never contains a value. */
export interface HeaderMismatch {
  header: string;
  rule: 'missing' | 'mismatch' | 'encoding';
}

/** Reads one header by its lower-case name. */
export type ReadHeader = (name: string) => string | undefined;

/** An argument of a tool that clients must repeat in an `Mcp-Param-*` header (`x-mcp-header` in the input schema). */
export interface ParamHeader {
  header: string;
  path: string[];
  isNumeric: boolean;
}

/** The parameter that `Mcp-Name` repeats, by method (MCP 2026-07-28, streamable HTTP, standard request headers). */
export const NAMED_BY: ReadonlyMap<string, 'name' | 'uri'> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
]);

const PREFIX = '=?base64?';
const SUFFIX = '?=';
const CANONICAL_BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const PLAIN = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
const DECIMAL = /^-?\d+(?:\.\d+)?$/;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const MAX_SCHEMA_DEPTH = 32;

/** Decodes the value of a repeated header, which may have the form `=?base64?…?=`; undefined if it is malformed. */
export function decodeHeaderValue(value: string): string | undefined {
  if (!value.startsWith(PREFIX) || !value.endsWith(SUFFIX) || value.length < PREFIX.length + SUFFIX.length)
    return value;
  const base64 = value.slice(PREFIX.length, -SUFFIX.length);
  if (!CANONICAL_BASE64.test(base64)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64'));
  } catch {
    return undefined;
  }
}

/** Encodes a text as a header value: unchanged if that is safe, otherwise as `=?base64?…?=`. */
export function encodeHeaderValue(text: string): string {
  const isPlain = PLAIN.test(text) && !(text.startsWith(PREFIX) && text.endsWith(SUFFIX));
  return isPlain ? text : `${PREFIX}${Buffer.from(text).toString('base64')}${SUFFIX}`;
}

/** The first header of a modern request that does not match the body: version, `Mcp-Method`, `Mcp-Name`. */
export function standardHeaderMismatch(request: RpcRequest, header: ReadHeader): HeaderMismatch | undefined {
  if (header('mcp-protocol-version') === undefined) return { header: 'MCP-Protocol-Version', rule: 'missing' };
  const method = header('mcp-method');
  if (method === undefined) return { header: 'Mcp-Method', rule: 'missing' };
  if (method !== request.method) return { header: 'Mcp-Method', rule: 'mismatch' };
  const by = NAMED_BY.get(request.method);
  const expected = by && request.params[by];
  return typeof expected === 'string' ? compare('Mcp-Name', header('mcp-name'), expected) : undefined;
}

/** The first `Mcp-Param-*` header that does not match its argument. */
export function paramHeaderMismatch(
  params: readonly ParamHeader[],
  given: JsonValue | undefined,
  header: ReadHeader,
): HeaderMismatch | undefined {
  for (const argument of params) {
    const value = valueAt(argument, given);
    const text = primitiveText(value);
    if (text === undefined) continue;
    const sent = header(argument.header.toLowerCase());
    if (typeof value === 'number' && argument.isNumeric && sent && DECIMAL.test(sent) && Number(sent) === value)
      continue;
    const problem = compare(argument.header, sent, text);
    if (problem) return problem;
  }
  return undefined;
}

/** Builds the `Mcp-Param-*` headers for a request of Lethe's own. */
export function paramHeaders(
  params: readonly ParamHeader[],
  given: JsonValue | undefined,
): [name: string, value: string][] {
  return params.flatMap((argument) => {
    const text = primitiveText(valueAt(argument, given));
    return text === undefined ? [] : [[argument.header, encodeHeaderValue(text)] satisfies [string, string]];
  });
}

function valueAt({ path }: ParamHeader, given: JsonValue | undefined): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>((at, key) => (isObject(at) ? at[key] : undefined), given);
}

/** The header text of a value; undefined for values that can't be sent in a header. */
function primitiveText(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' || Number.isSafeInteger(value) ? JSON.stringify(value) : undefined;
}

function compare(name: string, sent: string | undefined, expected: string): HeaderMismatch | undefined {
  if (sent === undefined) return { header: name, rule: 'missing' };
  const decoded = decodeHeaderValue(sent);
  if (decoded === undefined) return { header: name, rule: 'encoding' };
  return decoded === expected ? undefined : { header: name, rule: 'mismatch' };
}

/** The arguments that a tool's input schema requires in headers. Only `properties` are searched, as the specification says. */
export function readParamHeaders(inputSchema: JsonValue | undefined): ParamHeader[] {
  const found: ParamHeader[] = [];
  const search = (schema: JsonObject, path: string[]): void => {
    const name = schema['x-mcp-header'];
    if (typeof name === 'string' && TOKEN.test(name) && path.length > 0) {
      const isNumeric = schema['type'] === 'integer' || schema['type'] === 'number';
      found.push({ header: `Mcp-Param-${name}`, path, isNumeric });
    }
    const properties = schema['properties'];
    if (!isObject(properties) || path.length >= MAX_SCHEMA_DEPTH) return;
    for (const [key, child] of Object.entries(properties)) if (isObject(child)) search(child, [...path, key]);
  };
  if (isObject(inputSchema)) search(inputSchema, []);
  return found;
}
