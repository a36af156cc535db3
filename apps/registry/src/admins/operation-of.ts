import type { ExecutionContext } from '@nestjs/common';

/** Where `@ApiOperation` keeps what it was given. */
const DECLARED = 'swagger/apiOperation';

/** The `operationId` that the OpenAPI document has for the route of a request. */
export function operationOf(context: ExecutionContext): string {
  const handler = context.getHandler();
  const declared: unknown = Reflect.getMetadata(DECLARED, handler);
  const given =
    typeof declared === 'object' && declared && 'operationId' in declared ? declared.operationId : undefined;
  return typeof given === 'string' && given !== '' ? given : `${context.getClass().name}_${handler.name}`;
}
