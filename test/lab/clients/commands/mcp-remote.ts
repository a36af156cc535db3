import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { byName, jsonText } from '../agent.js';
import type { LabClient, Outcome, ServerEntry, Task } from '../client.js';
import { quietEnvironment } from '../run-command.js';

const LIMIT_MS = 30_000;

const args = ({ url, headers }: ServerEntry) => [
  url,
  ...headers.flatMap(({ name, variable }) => ['--header', `${name}:Bearer \${${variable}}`]),
];

export const mcpRemote: LabClient = {
  id: 'mcp-remote',
  name: 'mcp-remote',
  install: { by: 'npm', packages: { 'mcp-remote': '0.15.1' } },
  note: 'For clients that speak stdio alone; here with a client of @modelcontextprotocol/sdk. No space after the colon of a header: some clients split arguments at spaces. Off loopback it wants `--allow-http` for http.',
  snippet: (servers) => ({
    where: 'the file of a client that speaks stdio',
    language: 'json',
    text: jsonText({
      mcpServers: byName(servers, (server) => ({ command: 'npx', args: ['mcp-remote', ...args(server)] })),
    }),
  }),
  drive: async (task) => {
    const results: Outcome['results'] = task.steps.map(() => undefined);
    let said = '';
    for (const server of task.servers) said += await useServer(server, task, results);
    return { results, said };
  },
};

/** Makes the calls of one server; gives what mcp-remote printed. */
async function useServer(server: ServerEntry, task: Task, results: Outcome['results']): Promise<string> {
  const transport = new StdioClientTransport({
    command: join(task.packages, 'node_modules/.bin/mcp-remote'),
    args: args(server),
    cwd: task.home,
    env: { ...quietEnvironment(task.home), ...task.secrets },
    stderr: 'pipe',
  });
  let said = '';
  transport.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const client = new Client({ name: 'lab', version: '1.0.0' }, { capabilities: { elicitation: { form: {} } } });
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { name: 'Ada' } }));
  const options = { timeout: LIMIT_MS };
  const mine = task.steps.map((step, index) => ({ ...step, index })).filter((step) => step.server === server.name);
  try {
    await client.connect(transport, options);
    await listAll(client);
    for (const { tool, arguments: given, index } of mine) {
      const call = client.callTool({ name: tool, arguments: given }, undefined, options);
      results[index] = await call.then(({ content }) => JSON.stringify(content), String);
    }
  } catch (error) {
    for (const { index } of mine) results[index] = String(error);
  }
  await client.close();
  return said;
}

async function listAll(client: Client): Promise<void> {
  let cursor: string | undefined;
  do cursor = (await client.listTools({ cursor })).nextCursor;
  while (cursor !== undefined);
}
