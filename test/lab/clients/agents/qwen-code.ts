import { agentClient, connectSnippet, jsonOf, jsonText } from '../agent.js';
import type { ServerEntry } from '../client.js';

const mcp = (servers: ServerEntry[]) => connectSnippet('qwen-code', servers);

export const qwenCode = agentClient({
  id: 'qwen-code',
  name: 'Qwen Code',
  install: { by: 'npm', packages: { '@qwen-code/qwen-code': '0.24.4' } },
  mcp,
  files: ({ servers }) => ({
    '.qwen/settings.json': jsonText({
      ...jsonOf(mcp(servers)),
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
