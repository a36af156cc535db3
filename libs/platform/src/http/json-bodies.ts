import type { Server } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Accepts JSON bodies. An empty one counts as none: many clients name the content type in each request, also a DELETE. */
export function acceptJsonBodies(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  const parse = fastify.getDefaultJsonParser('error', 'error');
  const { bodyLimit } = fastify.initialConfig;
  app.useBodyParser<Server>(
    'application/json',
    { ...(bodyLimit !== undefined && { bodyLimit }) },
    (request, body, done) => {
      if (body.length === 0) done(null);
      else void parse(request, body.toString(), done);
    },
  );
}
