import { hasCurrent } from '@lethe/platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { contentTag } from './etag.js';

/** Gives every read of the API an entity tag, and answers 304 to a client that has the same content already. */
export function answerConditionally(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onSend', (request, reply, payload, done) => {
    const isRead = request.method === 'GET' && reply.statusCode === 200 && request.url.startsWith('/v1/');
    if (!isRead || typeof payload !== 'string') return done(null, payload);
    const given = reply.getHeader('etag');
    const tag = typeof given === 'string' ? given : `W/"${contentTag(payload)}"`;
    void reply.header('etag', tag);
    if (!hasCurrent(request.headers['if-none-match'], tag)) return done(null, payload);
    void reply.status(304).removeHeader('content-type').removeHeader('content-length');
    done(null, '');
  });
}
