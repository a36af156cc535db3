import { ERRORS, type ErrorCode } from '@lethe/platform';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ERRORS_OF_OPERATION } from '../rest/operation.js';
import { answerHeaders, errorHeaders } from './answer-headers.js';
import { impliedErrors, type OperationKind } from './implied-errors.js';
import { describeOps } from './ops-operations.js';
import { describeParameters } from './parameters.js';
import { type JsonSchema, problemName, problemSchema } from './problem-schemas.js';
import { addReadOnlyMembers, closeRequests } from './request-schemas.js';

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']>;
type Responses = Operation['responses'];

const API = '/v1/';
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/**
 * Adds to the document what follows from the kind of each operation: the responses of its errors, headers of requests and
 * responses, 304, and the schemas of problem details.
 */
export function completeDocument(document: OpenAPIObject): OpenAPIObject {
  describeOps(document);
  const codes = new Set<ErrorCode>();
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation) for (const code of completeOperation(path, method, operation)) codes.add(code);
    }
  }
  const problems = [...codes].toSorted().map((code): [string, JsonSchema] => [problemName(code), problemSchema(code)]);
  const schemas = { ...document.components?.schemas, ...Object.fromEntries(problems) };
  const completed = { ...document, components: { ...document.components, schemas } };
  closeRequests(completed);
  addReadOnlyMembers(completed);
  return completed;
}

function completeOperation(path: string, method: string, operation: Operation): ErrorCode[] {
  const isSecured = (operation.security ?? []).length > 0;
  // What is streamed has no tag: it is sent while it is made.
  const isTagged = method === 'get' && path.startsWith(API) && !Object.values(operation.responses).some(isStream);
  describeParameters(operation, { isRead: isTagged });
  const kind = kindOf(path, method, operation, isSecured);
  const codes = [...new Set([...ownErrors(operation), ...impliedErrors(kind)])];
  const found = Object.entries(operation.responses);
  const successes = found.map(([status, response]) => {
    const headers = isStream(response) ? {} : answerHeaders(Number(status), kind);
    return [status, { ...response, headers: { ...headers, ...headersOf(response) } }] as const;
  });
  const notModified = isTagged && { 304: { description: 'As the tag says', headers: answerHeaders(304, kind) } };
  const responses: Responses = { ...Object.fromEntries(successes), ...notModified, ...errorResponses(codes) };
  Object.assign(operation, { responses });
  return codes;
}

function kindOf(path: string, method: string, { parameters = [] }: Operation, isSecured: boolean): OperationKind {
  const named = parameters.flatMap((each) => ('$ref' in each ? [] : [each]));
  const headers = named.filter((each) => each.in === 'header').map(({ name }) => name.toLowerCase());
  return {
    method,
    isApi: path.startsWith(API),
    isSecured,
    hasPath: path.includes('{'),
    hasQuery: named.some((each) => each.in === 'query'),
    headers,
  };
}

/** Takes the codes that the operation declares out of it. */
function ownErrors(operation: Operation): ErrorCode[] {
  const codes: unknown = Reflect.get(operation, ERRORS_OF_OPERATION);
  Reflect.deleteProperty(operation, ERRORS_OF_OPERATION);
  return Array.isArray(codes) ? codes.filter(isCode) : [];
}

function isCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && code in ERRORS;
}

function isStream(response: Responses[string]): boolean {
  const types = response && 'content' in response ? Object.keys(response.content ?? {}) : [];
  return types.some((type) => !/[/+]json$/.test(type));
}

function headersOf(response: Responses[string]): object {
  return response && 'headers' in response ? (response.headers ?? {}) : {};
}

function errorResponses(codes: readonly ErrorCode[]): Responses {
  const statuses = [...new Set(codes.map((code) => ERRORS[code].status))].toSorted((a, b) => a - b);
  return Object.fromEntries(
    statuses.map((status) => {
      const here = codes.filter((code) => ERRORS[code].status === status).toSorted();
      const refs = here.map((code) => ({ $ref: `#/components/schemas/${problemName(code)}` }));
      const schema = refs.length === 1 ? { ...refs[0] } : { oneOf: refs };
      const description = here.map((code) => `\`${code}\`: ${ERRORS[code].message}`).join('\n\n');
      const content = { 'application/problem+json': { schema } };
      return [status, { description, headers: errorHeaders(status), content }];
    }),
  );
}
