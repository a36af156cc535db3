import { serve } from 'srvx';
import { McpServer } from 'tmcp';
import { HttpTransport } from '@tmcp/transport-http';
import { ZodJsonSchemaAdapter } from '@tmcp/adapter-zod';
import { z } from 'zod';

const server = new McpServer(
  { name: 'tmcp-lab', version: '1.0.0', description: 'A server of the lab' },
  {
    adapter: new ZodJsonSchemaAdapter(),
    capabilities: { tools: { listChanged: true }, prompts: { listChanged: true }, resources: { listChanged: true } },
    instructions: 'Instructions of the tmcp server',
  },
);
const text = (said) => ({ content: [{ type: 'text', text: said }] });
const counts = new Map();
server.tool({ name: 'echo', description: 'Repeats', schema: z.object({ text: z.string() }) }, (input) =>
  text(input.text),
);
server.tool({ name: 'count', description: 'Counts in its session' }, () => {
  const id = server.ctx.sessionId;
  counts.set(id, (counts.get(id) ?? 0) + 1);
  return text(String(id === undefined ? 1 : counts.get(id)));
});
server.tool({ name: 'ask', description: 'Asks the person', replayable: true }, async () =>
  text(JSON.stringify(await server.elicitation('Really?', z.object({ sure: z.boolean() })))),
);
server.resource({ name: 'note', description: 'A note', uri: 'note://one' }, (uri) => ({
  contents: [{ uri, mimeType: 'text/plain', text: 'a note' }],
}));
server.prompt({ name: 'greet', description: 'Greets', schema: z.object({ who: z.string() }) }, ({ who }) => ({
  messages: [{ role: 'user', content: { type: 'text', text: `Hello ${who}` } }],
}));

const transport = new HttpTransport(server);
serve({
  hostname: '127.0.0.1',
  port: Number(process.env.PORT),
  fetch: async (request) => (await transport.respond(request)) ?? new Response(null, { status: 404 }),
});
