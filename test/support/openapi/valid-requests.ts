import fc from 'fast-check';
import type { DocumentedOperation } from './document.js';
import type { TestRequest } from './request.js';
import type { ValidValues } from './valid-values.js';

/** A request that an operation describes, in parts. */
export interface PlannedRequest {
  operation: DocumentedOperation;
  path: Record<string, unknown>;
  query: Record<string, unknown>;
  headers: Record<string, unknown>;
  /** Undefined if the operation has no body, or it is left out. */
  body: unknown;
}

type Part = 'path' | 'query' | 'header';

/** Requests that the document allows, of one operation. */
export function validRequests(
  operation: DocumentedOperation,
  values: ValidValues,
  headers: Record<string, fc.Arbitrary<unknown>>,
): fc.Arbitrary<PlannedRequest> {
  const of = (part: Part): fc.Arbitrary<Record<string, unknown>> => {
    const parameters = operation.parameters.filter((each) => each.in === part);
    const members = parameters.map(({ name, schema }) => [
      name,
      (part === 'header' && headers[name]) || values.of(schema, part === 'path' ? placeOf(operation, name) : name),
    ]);
    const together = values.known[placeOf(operation, parameters.map(({ name }) => name).join(' '))];
    if (part === 'path' && parameters.length > 1 && together) return together as fc.Arbitrary<Record<string, unknown>>;
    const requiredKeys = parameters.filter(({ required }) => required).map(({ name }) => name);
    const model: Record<string, fc.Arbitrary<unknown>> = Object.fromEntries(members);
    return fc.record(model, { requiredKeys });
  };
  const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  const body = schema ? values.of(schema, 'body') : fc.constant(undefined);
  const bodies = operation.requestBody?.required === false ? fc.option(body, { nil: undefined, freq: 4 }) : body;
  const parts = { operation: fc.constant(operation), path: of('path'), query: of('query'), headers: of('header') };
  return fc.record({ ...parts, body: bodies });
}

/** The name of a path parameter among known values: what it is of, and whether that is deleted. */
function placeOf({ method, path }: DocumentedOperation, name: string): string {
  const [, version, list = ''] = path.split('/');
  if (version !== 'v1') return name;
  return method === 'DELETE' ? `deleted ${list} ${name}` : `${list} ${name}`;
}

/** The request as it is sent. */
export function toRequest({ operation, path, query, headers, body }: PlannedRequest, token: string): TestRequest {
  const filled = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(path[name])));
  const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  const [type = 'application/json'] = Object.keys(operation.requestBody?.content ?? {});
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return {
    method: operation.method,
    target: search.size > 0 ? `${filled}?${search.toString()}` : filled,
    headers: {
      ...Object.fromEntries(own),
      ...(operation.security.length > 0 && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': type }),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  };
}
