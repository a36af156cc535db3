import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { answerBenchmark } from './answering.js';

/**
 * The relay that most would write: the official SDK on both sides. One client for all calls; a server and a transport per
 * request, as the SDK's stateless example serves; JSON answers, which cost less than its streams.
 */
const { upstream, authorization }: { upstream: string; authorization: string } = JSON.parse(process.argv[2] ?? '{}');
const client = new Client({ name: 'relay', version: '1.0.0' });
await client.connect(
  new StreamableHTTPClientTransport(new URL('/legacy', upstream), { requestInit: { headers: { authorization } } }),
);

async function relay(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const server = new Server({ name: 'relay', version: '1.0.0' }, { capabilities: { tools: {} } });
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => client.callTool(params));
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true });
  response.on('close', () => void server.close());
  await server.connect(transport);
  await transport.handleRequest(request, response, await json(request));
}

const server = createServer((request, response) => {
  relay(request, response).catch(() => response.destroy());
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
answerBenchmark({ url: `http://127.0.0.1:${port}` });
