import { parse, stringify } from 'yaml';
import { agentClient, connectSnippet } from '../agent.js';
import type { ServerEntry } from '../client.js';

const mcp = (servers: ServerEntry[]) => connectSnippet('continue', servers);

export const continueCli = agentClient({
  id: 'continue',
  name: 'Continue CLI',
  install: { by: 'npm', packages: { '@continuedev/cli': '1.5.47' } },
  note: 'Secrets come from the environment of the process or from `~/.continue/.env`.',
  mcp,
  files: ({ servers, model }) => ({
    '.continue/config.yaml': stringify({
      name: 'lab',
      version: '1.0.0',
      schema: 'v1',
      models: [
        {
          name: 'fake',
          provider: 'openai',
          model: 'fake-1',
          apiBase: `${model.origin}/v1`,
          apiKey: 'none',
          roles: ['chat'],
          capabilities: ['tool_use'],
        },
      ],
      ...(parse(mcp(servers).text) as object),
    }),
  }),
  command: (prompt, { home }) => ['cn', '-p', prompt, '--auto', '--config', `${home}/.continue/config.yaml`],
  env: () => ({ CONTINUE_TELEMETRY_ENABLED: '0' }),
});
