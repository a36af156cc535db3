import type { ServerOptions } from 'node:http';
import { type Bus, openBus } from '@lethe/messaging';
import {
  ClientErrors,
  type ConnectionLimits,
  createLogger,
  fastifyOptions,
  giveBackWhenIdle,
  guardMemory,
  HTTP_SERVER_OPTIONS,
  LineLog,
  listenOn,
  OwnOps,
  type RunningService,
  sendProblem,
  serveOps,
  type Settings,
  standardOutput,
  watchConnections,
} from '@lethe/platform';
import { fastify, type FastifyInstance } from 'fastify';
import { serveClientMetadata } from './client-metadata.route.js';
import { FastHttp } from './http/fast/fast-http.js';
import { McpHttpServer } from './http/mcp-http-server.js';
import { NodeHttp } from './http/node-http.js';
import { listenToBus } from './listen-to-bus.js';
import { McpEndpoint } from './mcp-endpoint.js';
import { serveNoSignIn } from './no-sign-in.route.js';
import { errorBody } from './protocol/errors.js';
import { openOperations, type Operations, type ProxyParts, readRoutes } from './proxy-parts.js';
import type { Routes } from './routes/snapshot/routes.js';
import { EndedSessions } from './sessions/ended-sessions.js';
import { serveUnknownPaths } from './unknown-path.route.js';
import { serveUpstreams } from './upstreams.route.js';
import { serveWellKnown } from './well-known.route.js';

/** How long running calls may take to finish at shutdown. */
const DRAIN_LIMIT_MS = 15_000;

/** The parts of a started proxy, for its end. */
interface Proxy {
  readonly settings: Settings;
  readonly operations: Operations;
  readonly bus: Bus;
  readonly lines: LineLog;
  readonly routes: Routes;
  readonly endpoint: McpEndpoint;
  readonly server: McpHttpServer;
  readonly fastify: FastifyInstance;
}

/** Starts the proxy. It listens immediately, and is ready when it has routes. */
export async function startProxy(parts: ProxyParts): Promise<RunningService> {
  guardMemory();
  const { settings, worker, output = standardOutput() } = parts;
  const origin = { service: 'proxy', ...(worker && { worker: worker.number }) };
  const operations = await openOperations(settings, createLogger(origin, settings.logLevel, output));
  const lines = new LineLog(origin, settings.logLevel, output);
  // The bus is being connected while the file is read and all is put together.
  const bus = openBus(parts.bus, operations.logger, operations.tracer, operations.metrics);
  const routes = readRoutes(parts, bus, operations);
  const endpoint = endpointOf(parts, { bus, routes, lines, ...operations });
  const proxy = {
    settings,
    operations,
    bus,
    lines,
    routes,
    endpoint,
    ...serveHttp(parts, operations, routes, endpoint),
  };
  operations.readiness.register('routes', () => routes.table.isReady);
  worker?.attach(operations.readiness, operations.metrics);
  const endGivingBack = giveBackWhenIdle(() => proxy.server.inFlight.begun);
  await bus.opened();
  const { proxyPort: port, host } = settings;
  const address = { service: 'proxy', setting: 'PROXY_PORT', port, host } as const;
  const url = await listenOn(proxy.fastify, address, operations.logger);
  const service = { url, close: () => shutDown(proxy).finally(endGivingBack) };
  parts.onServing?.(service);
  // Concurrently: without the bus, the first waits for it and the second continues with the routes of the route file.
  await Promise.all([bus.listener.listen(), routes.start()]);
  endpoint.start();
  return service;
}

type EndpointGiven = Operations & { bus: Bus; routes: Routes; lines: LineLog };

function endpointOf({ settings, trust, timing, pageOrigins }: ProxyParts, given: EndpointGiven): McpEndpoint {
  const { bus, routes } = given;
  const { notices, requests, listener } = bus;
  const endedSessions = new EndedSessions(notices);
  const endpoint = new McpEndpoint({
    ...given,
    settings,
    trust,
    timing,
    pageOrigins,
    notices,
    requests,
    endedSessions,
  });
  listenToBus(listener, { routes, endedSessions, replicaMessages: endpoint.replicaMessages });
  return endpoint;
}

/** Sets up what is served over HTTP; nothing listens yet. */
function serveHttp(
  parts: ProxyParts,
  { logger, metrics, readiness }: Operations,
  routes: Routes,
  endpoint: McpEndpoint,
): Pick<Proxy, 'server' | 'fastify'> {
  const { settings, worker } = parts;
  const clientErrors = new ClientErrors((error) => ({
    contentType: 'application/json',
    body: errorBody(error, null, undefined),
  }));
  const engine = settings.proxyFastHttp ? new FastHttp() : new NodeHttp();
  const server = new McpHttpServer(engine, serverOptions(settings), clientErrors);
  server.serve(endpoint.dispatcher.serve);
  const instance = fastify({ ...fastifyOptions({ clientErrors }), serverFactory: server.serverFactory });
  instance.setErrorHandler((error, request, reply) => sendProblem(error, request, reply, logger));
  watchConnections(instance.server, connectionLimits(parts), clientErrors, metrics);
  serveOps(instance, worker ?? new OwnOps(readiness, metrics));
  serveWellKnown(instance, routes, endpoint.policy, settings.publicUrl);
  serveClientMetadata(instance, settings.publicUrl);
  serveUpstreams(instance, endpoint);
  serveNoSignIn(instance);
  serveUnknownPaths(instance);
  return { server, fastify: instance };
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
async function shutDown(proxy: Proxy): Promise<void> {
  const { settings, operations, server, endpoint, bus } = proxy;
  server.inFlight.endConnections();
  await operations.readiness.drain(settings.drainSeconds * 1_000);
  endpoint.endStreams();
  await server.inFlight.drain(DRAIN_LIMIT_MS);
  await proxy.routes.stop();
  await endpoint.close();
  await proxy.fastify.close();
  await bus.listener.close();
  await operations.tracer?.close();
  await bus.close();
  proxy.lines.close();
}
