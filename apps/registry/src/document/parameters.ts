import type { OpenAPIObject } from '@nestjs/swagger';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Parameter = Exclude<NonNullable<Operation['parameters']>[number], { $ref: string }>;

/** Parameters that mean the same in every operation. */
const KNOWN: Record<string, Pick<Parameter, 'description' | 'schema'>> = {
  'path ref': { description: 'Id or slug', schema: { type: 'string', pattern: '^[A-Za-z0-9-]{1,36}$' } },
  'path vid': { description: 'Id of a verification', schema: { type: 'string', format: 'uuid' } },
  'path id': { description: 'Id', schema: { type: 'string', pattern: '^[A-Za-z0-9-]{1,36}$' } },
  'path code': { description: 'Code of an error', schema: { type: 'string', pattern: '^[a-z_]{1,40}$' } },
  'header Idempotency-Key': {
    description:
      'Chosen by the client: a repeated request with it is done once and gets the first answer, for 24 hours',
    schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,128}$' },
  },
};

const IF_NONE_MATCH = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description: '`ETag` of an earlier answer: 304 if the content is still the same (RFC 9110, section 13.1.2)',
  schema: { type: 'string' },
} as const;

/** Completes the parameters of an operation. */
export function describeParameters(operation: Operation, { isRead }: { isRead: boolean }): void {
  const parameters = (operation.parameters ?? []).map((parameter) => {
    if ('$ref' in parameter) return parameter;
    return { ...parameter, ...KNOWN[`${parameter.in} ${parameter.name}`] };
  });
  operation.parameters = isRead ? [...parameters, { ...IF_NONE_MATCH }] : parameters;
}
