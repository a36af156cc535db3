// An MCP client in a process of its own. It starts the server that its arguments name, and calls what it reads, a line for each call.
import { createInterface } from 'node:readline';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';

const [command, ...args] = process.argv.slice(2);
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const client = new Client({ name: 'lethe-test', version: '1.0.0' }, { capabilities: { elicitation: { url: {} } } });
client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
  say({ asked: params });
  return { action: 'accept' };
});
await client.connect(new StdioClientTransport({ command, args, env: process.env }));
say({ tools: (await client.listTools()).tools.map(({ name }) => name) });
for await (const line of createInterface({ input: process.stdin })) say(await client.callTool(JSON.parse(line)));
await client.close();
