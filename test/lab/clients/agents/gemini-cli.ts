import { agentClient, byName, jsonText } from '../agent.js';
import { headersOf, type ServerEntry } from '../client.js';

const mcpServers = (servers: ServerEntry[]) => ({
  mcpServers: byName(servers, (server) => ({
    httpUrl: server.url,
    headers: headersOf(server, (variable) => `$${variable}`),
  })),
});

export const geminiCli = agentClient({
  id: 'gemini-cli',
  name: 'Gemini CLI',
  install: { by: 'npm', packages: { '@google/gemini-cli': '0.61.0' } },
  note: 'With `-p` it says nothing about a server that refused it; `gemini mcp list` does.',
  mcp: (servers) => ({ where: '~/.gemini/settings.json', language: 'json', text: jsonText(mcpServers(servers)) }),
  files: ({ servers }) => ({
    '.gemini/settings.json': jsonText({
      ...mcpServers(servers),
      security: { auth: { selectedType: 'gemini-api-key' } },
      privacy: { usageStatisticsEnabled: false },
      telemetry: { enabled: false },
      general: { enableAutoUpdate: false, disableAutoUpdate: true },
    }),
  }),
  command: (prompt) => ['gemini', '--skip-trust', '--yolo', '-m', 'gemini-2.5-flash', '-p', prompt],
  env: ({ model }) => ({ GEMINI_API_KEY: 'none', GOOGLE_GEMINI_BASE_URL: model.origin }),
});
