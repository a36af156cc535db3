import { createServer } from 'node:http';
import { createTool } from '@mastra/core/tools';
import { MCPServer } from '@mastra/mcp';
import { z } from 'zod';

const echo = createTool({
  id: 'echo',
  description: 'Repeats a text',
  inputSchema: z.object({ text: z.string() }),
  outputSchema: z.object({ said: z.string() }),
  execute: async (input) => ({ said: input.text }),
});
const server = new MCPServer({
  id: 'mastra-lab',
  name: 'mastra-lab',
  version: '1.0.0',
  instructions: 'Instructions of the Mastra server',
  tools: { echo },
});
const port = Number(process.env.PORT);
createServer((req, res) => {
  const url = new URL(req.url, `http://127.0.0.1:${port}`);
  server.startHTTP({ url, httpPath: '/mcp', req, res }).catch(() => res.destroy());
}).listen(port, '127.0.0.1');
