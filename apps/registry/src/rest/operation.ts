import type { ErrorCode } from '@lethe/platform';
import { applyDecorators, HttpCode, SetMetadata, type Type } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiExtension,
  ApiExtraModels,
  ApiHeader,
  ApiOperation,
  ApiResponse,
  getSchemaPath,
} from '@nestjs/swagger';

/** What an operation answers. */
export interface Answers {
  /** Of a success; 200 unless it is given. */
  status?: 200 | 201 | 202 | 204;
  /** The view of a success, or several of which it is one; absent if it has no body. */
  answer?: Type<unknown> | readonly Type<unknown>[];
  /** Instead of `answer`: the view of each item of a page. */
  page?: Type<unknown>;
  /** Instead of `answer`: the type of a body that is not JSON. */
  type?: string;
  /** Headers of a success that no other operation has, and what they say. */
  headers?: Record<string, string>;
  /** Whether answers have an `ETag`, to which a change can be held with `If-Match`. */
  versioned?: boolean;
  /** Whether `Prefer: wait` delays the answer until a verification has ended. */
  waits?: boolean;
  /** Codes of this operation's own errors. Those of its kind are added to the document: see `document/implied-errors.ts`. */
  errors?: readonly ErrorCode[];
  /** More than the summary says. */
  description?: string;
}

/** Member of an operation in the document, until it is completed, with the codes of its own errors. */
export const ERRORS_OF_OPERATION = 'x-error-codes';

/**
 * Describes an operation of the admin API in the OpenAPI document, in full, and sets its status: `operationId`, one sentence,
 * and what it answers. Whatever follows from its kind (headers, further errors) is added by `document/complete-document.ts`.
 */
export function Operation(operationId: string, summary: string, answers: Answers): MethodDecorator {
  const { status = 200, page, versioned = false, waits = false, errors = [], description } = answers;
  const changes = versioned && status === 200;
  return applyDecorators(
    HttpCode(status),
    ApiOperation({ operationId, summary, ...(description !== undefined && { description }) }),
    ApiExtension(ERRORS_OF_OPERATION, errors),
    ApiResponse({ status, ...body(answers), ...ownHeaders(answers) }),
    ApiExtraModels(...[page, answers.answer].flat().filter((view) => view !== undefined)),
    ...(changes || (versioned && status === 204) ? [ApiHeader(IF_MATCH)] : []),
    ...(waits ? [ApiHeader(WAIT)] : []),
  );
}

/** Metadata of a route whose body is not JSON. */
export const OTHER_TYPE = 'otherType';

/** The route takes bodies of this type, not JSON. */
export function Consumes(
  type: string,
  schema: { type: string; pattern?: string; maxLength?: number },
): MethodDecorator {
  return applyDecorators(SetMetadata(OTHER_TYPE, type), ApiConsumes(type), ApiBody({ schema }));
}

const IF_MATCH = {
  name: 'If-Match',
  required: false,
  description: '`ETag` of what was read: the request is refused if it has changed since (RFC 9110, section 13.1.1)',
};

const WAIT = {
  name: 'Prefer',
  required: false,
  description: '`wait=<seconds>`, at most 20 (RFC 7240): the answer comes when the verification has ended, or then',
};

function ownHeaders({ headers = {} }: Answers): { headers?: Record<string, object> } {
  const described: Record<string, object> = {};
  for (const [name, description] of Object.entries(headers))
    described[name] = { description, schema: { type: 'string' } };
  return Object.keys(headers).length === 0 ? {} : { headers: described };
}

function body({ answer, page, type }: Answers): object {
  if (isSeveral(answer))
    return { description: 'Done', schema: { oneOf: answer.map((each) => ({ $ref: getSchemaPath(each) })) } };
  if (answer) return { type: answer, description: 'Done' };
  if (type !== undefined) return { description: 'Done', content: { [type]: { schema: { type: 'string' } } } };
  if (!page) return { description: 'Done' };
  const items = { type: 'array', items: { $ref: getSchemaPath(page) } };
  const nextCursor = { type: 'string', description: 'Absent on the last page' };
  return {
    description: 'One page',
    schema: { type: 'object', required: ['items'], properties: { items, nextCursor } },
  };
}

function isSeveral(answer: Answers['answer']): answer is readonly Type<unknown>[] {
  return Array.isArray(answer);
}
