import { agentClient, connectSnippet } from '../agent.js';
import type { ServerEntry } from '../client.js';

const mcp = (servers: ServerEntry[]) => connectSnippet('copilot', servers);

export const copilot = agentClient({
  id: 'copilot',
  name: 'GitHub Copilot CLI',
  install: { by: 'npm', packages: { '@github/copilot': '1.0.102' } },
  note: 'With `-p` it says nothing about a server that refused it; `~/.copilot/logs` does.',
  mcp,
  files: ({ servers }) => ({ '.copilot/mcp-config.json': mcp(servers).text }),
  command: (prompt) => ['copilot', '-p', prompt, '--allow-all-tools', '--disable-builtin-mcps'],
  env: ({ model }) => ({
    COPILOT_OFFLINE: 'true',
    COPILOT_PROVIDER_BASE_URL: `${model.origin}/v1`,
    COPILOT_PROVIDER_TYPE: 'openai',
    COPILOT_PROVIDER_API_KEY: 'none',
    COPILOT_MODEL: 'fake-1',
  }),
});
