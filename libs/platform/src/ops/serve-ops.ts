import type { FastifyInstance } from 'fastify';
import { describeProblem } from './describe-problem.js';
import type { Ops } from './ops.js';

const TEXT = 'text/plain; charset=utf-8';

/** What `/livez` says: the process runs. */
export const ALIVE = { status: 'alive' } as const;

/** Content type of the metrics (Prometheus text exposition format). */
export const METRICS_TEXT = 'text/plain; version=0.0.4; charset=utf-8';

/** Serves what `OpsController` serves, for a service without Nest. */
export function serveOps(fastify: FastifyInstance, ops: Ops): void {
  fastify.get('/livez', async () => ALIVE);
  fastify.get('/readyz', async (_request, reply) => {
    const { status, body } = await readyAnswer(ops);
    return reply.status(status).send(body);
  });
  fastify.get('/metrics', async (_request, reply) =>
    reply.header('content-type', METRICS_TEXT).send(await ops.metrics()),
  );
  fastify.get<{ Params: { code: string } }>('/problems/:code', async ({ params }, reply) =>
    reply.header('content-type', TEXT).send(describeProblem(params.code)),
  );
}

/** The answer of `/readyz`: 503 unless all checks pass. */
export async function readyAnswer(ops: Ops): Promise<{ status: 200 | 503; body: object }> {
  const { isReady, checks } = await ops.report();
  return { status: isReady ? 200 : 503, body: { status: isReady ? 'ready' : 'not_ready', checks } };
}
