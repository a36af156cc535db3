import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from '../logging/logger.js';

/** Logs one line per request: method, route pattern, status, duration, request id. Nothing of its content. */
export function logRequests(app: NestFastifyApplication, logger: Logger): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onResponse', (request, reply, done) => {
      const route = request.routeOptions.url ?? '(none)';
      const durationMs = Math.round(reply.elapsedTime * 100) / 100;
      logger.info(
        { requestId: request.id, method: request.method, route, status: reply.statusCode, durationMs },
        'Answered',
      );
      done();
    });
}
