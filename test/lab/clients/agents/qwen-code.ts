import { agentClient, byName, jsonText } from '../agent.js';
import { headersOf, type ServerEntry } from '../client.js';

const mcpServers = (servers: ServerEntry[]) => ({
  mcpServers: byName(servers, (server) => ({
    httpUrl: server.url,
    headers: headersOf(server, (variable) => `$${variable}`),
  })),
});

export const qwenCode = agentClient({
  id: 'qwen-code',
  name: 'Qwen Code',
  install: { by: 'npm', packages: { '@qwen-code/qwen-code': '0.24.4' } },
  mcp: (servers) => ({ where: '~/.qwen/settings.json', language: 'json', text: jsonText(mcpServers(servers)) }),
  files: ({ servers }) => ({
    '.qwen/settings.json': jsonText({
      ...mcpServers(servers),
      privacy: { usageStatisticsEnabled: false },
      telemetry: { enabled: false },
      general: { enableAutoUpdate: false },
    }),
  }),
  status: ['qwen', 'mcp', 'list'],
  command: (prompt, { model }) => [
    'qwen',
    '--yolo',
    '--auth-type=openai',
    '--openai-api-key=none',
    `--openai-base-url=${model.origin}/v1`,
    '-m',
    'fake-1',
    prompt,
  ],
  env: () => ({}),
});
