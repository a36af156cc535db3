import { agentClient, connectSnippet, jsonText, mcpServersFile } from '../agent.js';
import { literalHeaders, type ServerEntry } from '../client.js';

const FILE = '.cline/data/settings/cline_mcp_settings.json';

const mcp = (servers: ServerEntry[], secrets: Record<string, string>) =>
  servers.some(({ isBridge }) => isBridge) ? bridges(servers, secrets) : endpoints(servers, secrets);

const endpoints = (servers: ServerEntry[], secrets: Record<string, string>) =>
  mcpServersFile(`~/${FILE}`, servers, (server) => ({
    type: 'streamableHttp',
    url: server.url,
    headers: literalHeaders(server, secrets),
  }));

const bridges = (servers: ServerEntry[], secrets: Record<string, string>) => {
  const { text, ...where } = connectSnippet('cline', servers);
  return { ...where, text: text.replace(/<(\w+)>/g, (_, variable: string) => secrets[variable] ?? '') };
};

export const cline = agentClient({
  id: 'cline',
  name: 'Cline',
  install: { by: 'npm', packages: { cline: '3.0.65' } },
  note: 'It expands no variables: the values themselves stand in the file. `chmod 600` it.',
  mcp,
  files: ({ servers, secrets, model }) => ({
    [FILE]: mcp(servers, secrets).text,
    '.cline/data/settings/providers.json': jsonText({
      version: 1,
      lastUsedProvider: 'openai-compatible',
      modes: {},
      providers: {
        'openai-compatible': {
          settings: { provider: 'openai-compatible', apiKey: 'none', model: 'fake-1', baseUrl: `${model.origin}/v1` },
          updatedAt: '2026-01-01T00:00:00.000Z',
          tokenSource: 'manual',
        },
      },
    }),
  }),
  command: (prompt) => ['cline', '--auto-approve', 'true', '-P', 'openai-compatible', prompt],
  env: () => ({ CLINE_TELEMETRY_DISABLED: '1' }),
});
