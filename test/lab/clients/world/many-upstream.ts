import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { listenOnLoopback } from '@test/support/upstreams/loopback-server.js';

const TOOLS = 250;
const PAGE = 100;

const tools = Array.from({ length: TOOLS }, (_, index) => ({
  name: `tool-${index + 1}`,
  description: `Tool number ${index + 1} of ${TOOLS}`,
  inputSchema: { type: 'object' as const },
}));

/** A legacy server without sessions whose 250 tools are listed on pages of 100. */
export async function startManyUpstream(token: string): Promise<{ url: string; close(): Promise<void> }> {
  const { origin, close } = await listenOnLoopback((request, response) => {
    if (request.headers.authorization !== `Bearer ${token}`) {
      request.resume();
      response.writeHead(401, { 'www-authenticate': 'Bearer realm="many"' }).end();
      return;
    }
    if (request.method !== 'POST') {
      response.writeHead(405, { allow: 'POST' }).end();
      return;
    }
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    void manyServer()
      .connect(transport)
      .then(() => transport.handleRequest(request, response));
    response.on('close', () => void transport.close());
  });
  return { url: `${origin}/mcp`, close };
}

function manyServer(): Server {
  const server = new Server({ name: 'many', version: '1.0.0' }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, ({ params }) => {
    const from = Number(params?.cursor ?? 0);
    const next = from + PAGE;
    return { tools: tools.slice(from, next), ...(next < TOOLS && { nextCursor: String(next) }) };
  });
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => ({
    content: [{ type: 'text', text: `${params.name} answers` }],
  }));
  return server;
}
