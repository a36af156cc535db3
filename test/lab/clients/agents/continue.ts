import { stringify } from 'yaml';
import { agentClient } from '../agent.js';
import { headersOf, type ServerEntry } from '../client.js';

const mcpServers = (servers: ServerEntry[]) => ({
  mcpServers: servers.map((server) => ({
    name: server.name,
    type: 'streamable-http',
    url: server.url,
    requestOptions: { headers: headersOf(server, (variable) => `\${{ secrets.${variable} }}`) },
  })),
});

export const continueCli = agentClient({
  id: 'continue',
  name: 'Continue CLI',
  install: { by: 'npm', packages: { '@continuedev/cli': '1.5.47' } },
  note: 'Secrets come from the environment of the process or from `~/.continue/.env`.',
  mcp: (servers) => ({
    where: '~/.continue/config.yaml',
    language: 'yaml',
    text: stringify(mcpServers(servers)).trim(),
  }),
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
      ...mcpServers(servers),
    }),
  }),
  command: (prompt, { home }) => ['cn', '-p', prompt, '--auto', '--config', `${home}/.continue/config.yaml`],
  env: () => ({ CONTINUE_TELEMETRY_ENABLED: '0' }),
});
