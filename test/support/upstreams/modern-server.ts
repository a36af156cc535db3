import { McpServer, ResourceTemplate } from '@modelcontextprotocol/server';
import { z } from 'zod';

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** Tools, resources (one binary), a template and a prompt of the modern fixture; `name` distinguishes two fixtures. */
export function modernServer(name: string): McpServer {
  const server = new McpServer(
    { name, version: '1.0.0', title: `Modern fixture ${name}` },
    { instructions: `Instructions of ${name}`, cacheHints: { 'tools/list': { ttlMs: 1000, cacheScope: 'public' } } },
  );
  addTools(server, name);
  addResources(server, name);
  server.registerPrompt(
    'greet',
    { title: 'Greeting', description: 'Greets somebody', argsSchema: z.object({ who: z.string() }) },
    ({ who }) => ({
      messages: [{ role: 'user', content: { type: 'text', text: `Say hello to ${who} from ${name}` } }],
    }),
  );
  return server;
}

function addTools(server: McpServer, name: string): void {
  const text = z.object({ text: z.string() });
  server.registerTool('echo', { title: 'Echo', description: `Echo of ${name}`, inputSchema: text }, (input) => ({
    content: [{ type: 'text', text: `${name}: ${input.text}` }],
  }));
  server.registerTool(
    'regional',
    {
      description: 'Has a parameter that is mirrored into a header',
      inputSchema: z.object({ region: z.string().meta({ 'x-mcp-header': 'Region' }) }),
    },
    (input) => ({ content: [{ type: 'text', text: `${name} in ${input.region}` }] }),
  );
  server.registerTool(
    'count',
    { description: 'Reports progress, then a structured result', inputSchema: z.object({ to: z.number().int() }) },
    async (input, context) => {
      const progressToken = context.mcpReq._meta?.progressToken;
      for (let progress = 1; progress <= input.to && progressToken !== undefined; progress += 1) {
        await context.mcpReq.notify({
          method: 'notifications/progress',
          params: { progressToken, progress, total: input.to },
        });
      }
      return { content: [{ type: 'text', text: String(input.to) }], structuredContent: { reached: input.to } };
    },
  );
  server.registerTool('fail', { description: 'Always fails' }, () => {
    throw new Error('This tool always fails');
  });
}

function addResources(server: McpServer, name: string): void {
  server.registerResource('note', `${name}://note`, { mimeType: 'text/plain' }, (uri) => ({
    contents: [{ uri: uri.href, mimeType: 'text/plain', text: `A note of ${name}` }],
  }));
  server.registerResource('pixel', `${name}://pixel`, { mimeType: 'image/png' }, (uri) => ({
    contents: [{ uri: uri.href, mimeType: 'image/png', blob: PIXEL }],
  }));
  const template = new ResourceTemplate(`${name}://item/{id}`, { list: undefined });
  server.registerResource('item', template, { mimeType: 'text/plain' }, (uri, { id }) => ({
    contents: [{ uri: uri.href, mimeType: 'text/plain', text: `Item ${String(id)} of ${name}` }],
  }));
}
