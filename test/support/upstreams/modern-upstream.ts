import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, type McpServer, type ServerNotifier } from '@modelcontextprotocol/server';
import { listenOnLoopback } from './loopback-server.js';
import { modernServer } from './modern-server.js';
import {
  isDiscovery,
  mayEnter,
  record,
  type RecordedRequest,
  type Upstream,
  type UpstreamLock,
} from './recorded-request.js';

export interface ModernUpstreamOptions extends UpstreamLock {
  name: string;
  /** Adds to the server of each request. */
  extend?: (server: McpServer) => void;
}

/** A modern-era server (2026-07-28 only) on the official packages, behind a lock; it records what it receives. */
export async function startModernUpstream(
  options: ModernUpstreamOptions,
): Promise<Upstream & { notify: ServerNotifier; cut(): Promise<void> }> {
  const received: RecordedRequest[] = [];
  const build = (): McpServer => {
    const server = modernServer(options.name);
    options.extend?.(server);
    return server;
  };
  const mcp = createMcpHandler(build, { legacy: 'reject' });
  const serve = toNodeHandler(mcp);
  const { origin, close } = await listenOnLoopback((request, response) => {
    if (!isDiscovery(request)) received.push(record(request));
    if (mayEnter(options, request.headers)) {
      void serve(request, response);
      return;
    }
    request.resume();
    response.writeHead(401, { 'www-authenticate': 'Bearer realm="fixture"' }).end();
  });
  return {
    url: `${origin}/mcp`,
    received,
    notify: mcp.notify,
    cut: () => mcp.close(),
    close: async () => {
      await mcp.close();
      await close();
    },
  };
}
