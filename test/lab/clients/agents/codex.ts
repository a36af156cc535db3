import { agentClient, connectSnippet } from '../agent.js';
import type { BearerHeader, ServerEntry } from '../client.js';

/** Codex has the scheme `Bearer` for Authorization alone; the variable of another header holds the whole value. */
const wholeValue = ({ variable }: BearerHeader) => variable.replace(/_[A-Z]+$/, '_AUTHORIZATION');

const mcp = (servers: ServerEntry[]) => connectSnippet('codex', servers);

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
