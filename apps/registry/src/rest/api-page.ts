import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';

/** The answer of a list in the OpenAPI document: a page of these views. */
export function ApiPage(view: Type<unknown>): MethodDecorator {
  const items = { type: 'array', items: { $ref: getSchemaPath(view) } };
  const nextCursor = { type: 'string', description: 'Absent on the last page' };
  return applyDecorators(
    ApiExtraModels(view),
    ApiOkResponse({ schema: { type: 'object', required: ['items'], properties: { items, nextCursor } } }),
  );
}
