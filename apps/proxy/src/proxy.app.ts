import type { ServerOptions } from 'node:http';
import { connectResponders } from '@lethe/messaging';
import {
  ClientErrors,
  type ConnectionLimits,
  createLogger,
  fastifyOptions,
  guardMemory,
  HTTP_SERVER_OPTIONS,
  LineLog,
  listen,
  LOGGER,
  type Logger,
  Metrics,
  NestLogger,
  ProblemFilter,
  Readiness,
  type RunningService,
  type Settings,
  standardOutput,
  watchConnections,
} from '@lethe/platform';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { FastHttp } from './http/fast/fast-http.js';
import { type InFlight, McpHttpServer } from './http/mcp-http-server.js';
import { NodeHttp } from './http/node-http.js';
import { McpEndpoint } from './mcp-endpoint.js';
import { serveNoSignIn } from './no-sign-in.route.js';
import { errorBody } from './protocol/errors.js';
import { ProxyModule, type ProxyParts } from './proxy.module.js';
import { Routes } from './routes/snapshot/routes.js';
import { serveUpstreams } from './upstreams.route.js';
import { serveUnknownPaths } from './unknown-path.route.js';
import { serveClientMetadata } from './client-metadata.route.js';
import { serveWellKnown } from './well-known.route.js';

/** How long running calls may take to finish at shutdown. */
const DRAIN_LIMIT_MS = 15_000;

/** Starts the proxy. It listens immediately, and is ready when it has routes. */
export async function startProxy(parts: ProxyParts): Promise<RunningService> {
  guardMemory();
  const { settings, worker, output = standardOutput() } = parts;
  const origin = { service: 'proxy', ...(worker && { worker: worker.number }) };
  const logger = createLogger(origin, settings.logLevel, output);
  const lines = new LineLog(origin, settings.logLevel, output);
  const clientErrors = new ClientErrors((error) => ({
    contentType: 'application/json',
    body: errorBody(error, null, undefined),
  }));
  const engine = settings.proxyFastHttp ? new FastHttp() : new NodeHttp();
  const httpServer = new McpHttpServer(engine, serverOptions(settings), clientErrors);
  const app = await NestFactory.create<NestFastifyApplication>(
    ProxyModule.forRoot(parts, logger, lines),
    new FastifyAdapter({ ...fastifyOptions({ clientErrors }), serverFactory: httpServer.serverFactory }),
    { logger: new NestLogger(logger), abortOnError: false },
  );
  app.useGlobalFilters(new ProblemFilter(app.get<Logger>(LOGGER)));
  const endpoint = app.get(McpEndpoint);
  const routes = app.get(Routes);
  const fastify = app.getHttpAdapter().getInstance();
  watchConnections(fastify.server, connectionLimits(parts), clientErrors, app.get(Metrics));
  httpServer.serve(endpoint.dispatcher.serve);
  serveWellKnown(fastify, routes, endpoint.policy, settings.publicUrl);
  serveClientMetadata(fastify, settings.publicUrl);
  serveUpstreams(fastify, endpoint);
  serveNoSignIn(fastify);
  serveUnknownPaths(fastify);
  app.get(Readiness).register('routes', () => routes.table.isReady);
  worker?.attach(app.get(Readiness), app.get(Metrics));
  connectResponders(app);
  const { proxyPort: port, host } = settings;
  const url = await listen(app, { service: 'proxy', setting: 'PROXY_PORT', port, host }, logger);
  const service = { url, close: () => shutDown(app, settings, httpServer.inFlight, lines) };
  parts.onServing?.(service);
  // Concurrently: without the bus, the first waits for it and the second continues with the routes of the route file.
  await Promise.all([app.startAllMicroservices(), routes.start()]);
  endpoint.start();
  return service;
}

function serverOptions({ maxHeaderKib }: Settings): ServerOptions {
  // Without `Host`, node would answer without a body and go on with what follows.
  return { ...HTTP_SERVER_OPTIONS, maxHeaderSize: maxHeaderKib * 1024, requireHostHeader: false };
}

/** Each worker has its share of the connections. */
function connectionLimits({ settings, worker }: ProxyParts): ConnectionLimits {
  const { maxConnections, proxyWorkers, unreadTimeoutSeconds, trustedProxies } = settings;
  return {
    service: 'proxy',
    maxConnections: worker ? Math.ceil(maxConnections / proxyWorkers) : maxConnections,
    unreadTimeoutSeconds,
    trustedProxies,
  };
}

/**
 * Graceful shutdown: not ready, while new requests are still served for as long as a balancer needs to notice; then open
 * streams end (clients resume them elsewhere), running calls finish, and all closes.
 */
async function shutDown(
  app: NestFastifyApplication,
  { drainSeconds }: Settings,
  inFlight: InFlight,
  lines: LineLog,
): Promise<void> {
  inFlight.endConnections();
  await app.get(Readiness).drain(drainSeconds * 1_000);
  const endpoint = app.get(McpEndpoint);
  endpoint.endStreams();
  await inFlight.drain(DRAIN_LIMIT_MS);
  await app.get(Routes).stop();
  await endpoint.close();
  await app.close();
  lines.close();
}
