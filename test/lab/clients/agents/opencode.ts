import { agentClient, connectSnippet, jsonOf, jsonText } from '../agent.js';
import type { ServerEntry } from '../client.js';

const mcp = (servers: ServerEntry[]) => connectSnippet('opencode', servers);

export const opencode = agentClient({
  id: 'opencode',
  name: 'opencode',
  install: { by: 'npm', packages: { 'opencode-ai': '1.18.33' } },
  note: 'Without `"oauth": false` it understands a 401 as a request to sign in. `{file:./path}` reads a value from a file.',
  mcp,
  files: ({ servers, model }) => ({
    'opencode.json': jsonText({
      ...jsonOf(mcp(servers)),
      provider: {
        lab: {
          npm: '@ai-sdk/openai-compatible',
          options: { baseURL: `${model.origin}/v1`, apiKey: 'none' },
          models: { 'fake-1': {} },
        },
      },
      model: 'lab/fake-1',
      small_model: 'lab/fake-1',
      autoupdate: false,
      share: 'disabled',
    }),
  }),
  status: ['opencode', 'mcp', 'list'],
  command: (prompt) => ['opencode', 'run', '--print-logs', '--log-level', 'ERROR', '--auto', prompt],
  env: () => ({
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
  }),
});
