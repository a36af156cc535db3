import { agentClient, connectSnippet, jsonText } from '../agent.js';
import type { ServerEntry } from '../client.js';

const mcp = (servers: ServerEntry[]) => connectSnippet('claude-code', servers);

export const claudeCode = agentClient({
  id: 'claude-code',
  name: 'Claude Code',
  install: { by: 'npm', packages: { '@anthropic-ai/claude-code': '2.1.328' } },
  note: 'A variable that is not set is sent as the text `${…}`, after a warning. `claude mcp get` prints the values of headers.',
  mcp,
  files: ({ servers }) => ({
    '.mcp.json': mcp(servers).text,
    '.claude/settings.json': jsonText({ enableAllProjectMcpServers: true }),
  }),
  status: ['claude', 'mcp', 'list'],
  command: (prompt, { servers }) => [
    'claude',
    '-p',
    prompt,
    '--mcp-config',
    '.mcp.json',
    '--strict-mcp-config',
    '--allowedTools',
    ...servers.map(({ name }) => `mcp__${name}`),
  ],
  env: ({ model }) => ({
    ANTHROPIC_BASE_URL: model.origin,
    ANTHROPIC_API_KEY: 'none',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    // Otherwise it hides the tools of MCP servers behind a search that its vendor's API does.
    ENABLE_TOOL_SEARCH: 'false',
  }),
});
