import type { OpenAPIObject } from '@nestjs/swagger';

type Content = Record<string, { schema: { type: string; required?: string[]; properties?: object } }>;

const text = { 'text/plain': { schema: { type: 'string' } } } as const;
const state = (status: string, more: object = {}): Content => ({
  'application/json': {
    schema: {
      type: 'object',
      required: ['status'],
      properties: { status: { type: 'string', enum: [status] }, ...more },
    },
  },
});
const checks = { checks: { type: 'object', additionalProperties: { type: 'boolean' } } };

/** The endpoints that every service has, which the library of all services describes to nobody. */
const OPERATIONS: Record<string, object> = {
  '/livez': {
    operationId: 'isAlive',
    summary: 'Says that the process runs',
    responses: { 200: { description: 'It runs', content: state('alive') } },
  },
  '/readyz': {
    operationId: 'isReady',
    summary: 'Says whether the service can do its work',
    responses: {
      200: { description: 'It can', content: state('ready', checks) },
      503: { description: 'It can not, or not yet', content: state('not_ready', checks) },
    },
  },
  '/metrics': {
    operationId: 'getMetrics',
    summary: 'Shows the metrics in the text format of Prometheus',
    responses: { 200: { description: 'All metrics', content: text } },
  },
  '/problems/{code}': {
    operationId: 'describeProblem',
    summary: 'Describes an error; the type of problem details leads here',
    responses: { 200: { description: 'What it means, and what to do', content: text } },
  },
};

/** Describes the endpoints that every service has. */
export function describeOps({ paths }: OpenAPIObject): void {
  for (const [path, operation] of Object.entries(OPERATIONS)) {
    const { get } = paths[path] ?? {};
    if (get) Object.assign(get, { tags: ['operations'] }, operation);
  }
}
