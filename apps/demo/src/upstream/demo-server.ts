import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

/** The demo's MCP server for one caller: two tools, a resource, a prompt. */
export function demoServer(callerName: string): McpServer {
  const server = new McpServer({ name: 'demo-upstream', version: '1.0.0' });
  server.registerTool(
    'add',
    { title: 'Add', description: 'Adds two numbers', inputSchema: { a: z.number(), b: z.number() } },
    ({ a, b }) => text(`${a} + ${b} = ${a + b}`),
  );
  server.registerTool(
    'which_token',
    { title: 'Which token?', description: 'Returns the name of the token that this call came with', inputSchema: {} },
    () => text(`this call came with the ${callerName} token`),
  );
  server.registerResource('about', 'demo://about', { mimeType: 'text/plain' }, () => ({
    contents: [{ uri: 'demo://about', mimeType: 'text/plain', text: 'An upstream that answers 401 without a token.' }],
  }));
  server.registerPrompt('greet', { description: 'Greets', argsSchema: { name: z.string() } }, ({ name }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: `Say hello to ${name}.` } }],
  }));
  return server;
}

function text(said: string): { content: { type: 'text'; text: string }[] } {
  return { content: [{ type: 'text', text: said }] };
}
