import { FastMCP } from 'fastmcp';
import { z } from 'zod';

const counts = new Map();
const server = new FastMCP({
  name: 'fastmcp-lab',
  version: '1.0.0',
  instructions: 'Instructions of the FastMCP server',
});
server.addTool({ name: 'echo', parameters: z.object({ text: z.string() }), execute: async ({ text }) => text });
server.addTool({
  name: 'count',
  execute: async (_input, { sessionId }) => {
    counts.set(sessionId, (counts.get(sessionId) ?? 0) + 1);
    return String(counts.get(sessionId));
  },
});
server.addTool({
  name: 'ask',
  execute: async (_input, { elicit }) => {
    const requestedSchema = { type: 'object', properties: { sure: { type: 'boolean' } }, required: ['sure'] };
    return JSON.stringify(await elicit({ message: 'Really?', requestedSchema }));
  },
});
server.addResource({ uri: 'note://one', name: 'note', mimeType: 'text/plain', load: async () => ({ text: 'a note' }) });
server.addPrompt({
  name: 'greet',
  arguments: [{ name: 'who', required: true }],
  load: async ({ who }) => `Hello ${who}`,
});
await server.start({ transportType: 'httpStream', httpStream: { host: '127.0.0.1', port: Number(process.env.PORT) } });
