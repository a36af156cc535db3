import { serve } from 'srvx';
import { createMcpHandler } from 'mcp-handler';
import { z } from 'zod';

const text = (said) => ({ content: [{ type: 'text', text: said }] });
const handler = createMcpHandler(
  (server) => {
    let count = 0;
    server.registerTool('echo', { description: 'Repeats', inputSchema: z.object({ text: z.string() }) }, (input) =>
      text(input.text),
    );
    server.registerTool('count', { description: 'Counts in its session' }, () => text(String(++count)));
    server.registerResource('note', 'note://one', { mimeType: 'text/plain' }, (uri) => ({
      contents: [{ uri: uri.href, mimeType: 'text/plain', text: 'a note' }],
    }));
    server.registerPrompt('greet', { argsSchema: z.object({ who: z.string() }) }, ({ who }) => ({
      messages: [{ role: 'user', content: { type: 'text', text: `Hello ${who}` } }],
    }));
  },
  { serverInfo: { name: 'mcp-handler-lab', version: '1.0.0' }, instructions: 'Instructions of the mcp-handler server' },
);
serve({ hostname: '127.0.0.1', port: Number(process.env.PORT), fetch: (request) => handler(request) });
