import { serve } from '@hono/node-server';
import { StreamableHTTPTransport } from '@hono/mcp';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { Hono } from 'hono';
import { z } from 'zod';

const text = (said) => ({ content: [{ type: 'text', text: said }] });

function makeServer() {
  const server = new McpServer(
    { name: 'hono-lab', version: '1.0.0' },
    { instructions: 'Instructions of the Hono server' },
  );
  server.registerTool('echo', { inputSchema: { text: z.string() } }, (input) => text(input.text));
  server.registerResource('note', 'note://one', { mimeType: 'text/plain' }, (uri) => ({
    contents: [{ uri: uri.href, mimeType: 'text/plain', text: 'a note' }],
  }));
  server.registerPrompt('greet', { argsSchema: { who: z.string() } }, ({ who }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: `Hello ${who}` } }],
  }));
  return server;
}

// Not one transport for everybody, as the page of the package shows it: that one serves nobody after a DELETE.
const app = new Hono();
app.all('/mcp', async (context) => {
  const transport = new StreamableHTTPTransport();
  await makeServer().connect(transport);
  return transport.handleRequest(context);
});
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env.PORT) });
