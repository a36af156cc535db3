import { agentClient, connectSnippet, jsonOf, jsonText } from '../agent.js';
import type { ServerEntry } from '../client.js';

const mcp = (servers: ServerEntry[]) => connectSnippet('gemini-cli', servers);

export const geminiCli = agentClient({
  id: 'gemini-cli',
  name: 'Gemini CLI',
  install: { by: 'npm', packages: { '@google/gemini-cli': '0.61.0' } },
  note: 'With `-p` it says nothing about a server that refused it; `gemini mcp list` does.',
  mcp,
  files: ({ servers }) => ({
    '.gemini/settings.json': jsonText({
      ...jsonOf(mcp(servers)),
      security: { auth: { selectedType: 'gemini-api-key' } },
      privacy: { usageStatisticsEnabled: false },
      telemetry: { enabled: false },
      general: { enableAutoUpdate: false, disableAutoUpdate: true },
    }),
  }),
  command: (prompt) => ['gemini', '--skip-trust', '--yolo', '-m', 'gemini-2.5-flash', '-p', prompt],
  env: ({ model }) => ({ GEMINI_API_KEY: 'none', GOOGLE_GEMINI_BASE_URL: model.origin }),
});
