import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { readTraceparent } from '@lethe/mcp';
import { activeSpan } from '../traces/active-span.js';
import type { Span, Tracer } from '../traces/tracer.js';

/** Probes and the API's description are not traced. */
const API = '/v1/';

/**
 * Makes a span of each API request of a known caller: method, route pattern, status. Requests over the bus that serve it become
 * its children. A request that is refused before has none: anybody could fill the queue with them.
 * https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server
 * @param isOfKnownCaller asked when the request has been answered
 */
export function traceRequests(
  app: NestFastifyApplication,
  tracer: Tracer,
  isOfKnownCaller: (request: object) => boolean,
): void {
  const spans = new WeakMap<object, Span>();
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', (request, _reply, done) => {
    const isApi = request.routeOptions.url?.startsWith(API);
    const span = isApi ? tracer.begin(readTraceparent(request.headers['traceparent'])) : undefined;
    if (span) spans.set(request, span);
    done();
  });
  // Only when the body has been read: its reading continues in the context of the connection.
  fastify.addHook('preValidation', (request, _reply, done) => {
    const span = spans.get(request);
    if (span) activeSpan.run(span, done);
    else done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const span = spans.get(request);
    if (span && isOfKnownCaller(request))
      end(tracer, span, request.method, request.routeOptions.url ?? '', reply.statusCode);
    done();
  });
}

function end(tracer: Tracer, span: Span, method: string, route: string, status: number): void {
  const isError = status >= 500;
  const form = tracer.form('server', `${method} ${route}`, {
    'http.request.method': method,
    'http.route': route,
    'http.response.status_code': status,
    'url.scheme': 'http',
    'error.type': isError ? String(status) : undefined,
  });
  tracer.end(span, form, { isError });
}
