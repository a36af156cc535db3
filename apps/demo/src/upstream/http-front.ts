import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { demoServer } from './demo-server.js';
import type { TokenNames } from './token-names.js';

/** Serves `/mcp` (Streamable HTTP without sessions) to callers with a known token, and `/readyz` to everyone. */
export function createUpstream(tokens: TokenNames): Server {
  return createServer((request, response) => {
    void answer(request, response, tokens).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
}

async function answer(request: IncomingMessage, response: ServerResponse, tokens: TokenNames): Promise<void> {
  const path = request.url?.split('?')[0];
  if (path === '/readyz') return end(response, 200);
  if (path !== '/mcp') return end(response, 404);
  const callerName = tokens.nameOf(request.headers.authorization);
  if (callerName === undefined) return end(response, 401, { 'www-authenticate': 'Bearer realm="demo"' });
  if (request.method !== 'POST') return end(response, 405, { allow: 'POST' });
  const server = demoServer(callerName);
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
  response.once('close', () => void server.close());
  await server.connect(transport);
  await transport.handleRequest(request, response);
}

function end(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, headers).end();
}
