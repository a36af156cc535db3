import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { listenOnLoopback } from './loopback-server.js';
import { modernServer } from './modern-server.js';
import { mayEnter, record, type RecordedRequest, type Upstream, type UpstreamLock } from './recorded-request.js';

/** A modern-era server (2026-07-28 only) on the official packages, behind a lock; it records what it receives. */
export async function startModernUpstream(options: UpstreamLock & { name: string }): Promise<Upstream> {
  const received: RecordedRequest[] = [];
  const mcp = createMcpHandler(() => modernServer(options.name), { legacy: 'reject' });
  const serve = toNodeHandler(mcp);
  const { origin, close } = await listenOnLoopback((request, response) => {
    received.push(record(request));
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
    close: async () => {
      await mcp.close();
      await close();
    },
  };
}
