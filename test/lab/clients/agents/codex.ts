import { agentClient } from '../agent.js';
import type { BearerHeader, ServerEntry } from '../client.js';

/** Codex has the scheme `Bearer` for Authorization alone; the variable of another header holds the whole value. */
const wholeValue = ({ variable }: BearerHeader) => variable.replace(/_[A-Z]+$/, '_AUTHORIZATION');

const mcp = (servers: ServerEntry[]) => ({
  where: '~/.codex/config.toml',
  language: 'toml' as const,
  text: servers.map(serverTable).join('\n\n'),
});

function serverTable({ name, url, headers }: ServerEntry): string {
  const [own, ...others] = headers;
  const pairs = others.map((header) => `"${header.name}" = "${wholeValue(header)}"`);
  return [
    `[mcp_servers.${name}]`,
    `url = "${url}"`,
    `bearer_token_env_var = "${own?.variable}"`,
    ...(pairs.length > 0 ? [`env_http_headers = { ${pairs.join(', ')} }`] : []),
  ].join('\n');
}

export const codex = agentClient({
  id: 'codex',
  name: 'Codex',
  install: { by: 'npm', packages: { '@openai/codex': '0.171.0' } },
  note: 'UPSTREAM_AUTHORIZATION holds the whole value, `Bearer …`. `${…}` in `http_headers` is sent as it stands. Without `required = true`, Codex goes on in silence when the server refuses it.',
  mcp,
  files: ({ servers, model }) => ({
    '.codex/config.toml': [
      'model = "fake-1"',
      'model_provider = "lab"',
      'check_for_update_on_startup = false',
      '[analytics]',
      'enabled = false',
      '[model_providers.lab]',
      'name = "lab"',
      `base_url = "${model.origin}/v1"`,
      'wire_api = "responses"',
      mcp(servers).text,
    ].join('\n'),
  }),
  command: (prompt) => ['codex', 'exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', prompt],
  env: ({ servers, secrets }) =>
    Object.fromEntries(
      servers.flatMap(({ headers }) => headers.slice(1)).map((h) => [wholeValue(h), `Bearer ${secrets[h.variable]}`]),
    ),
});
