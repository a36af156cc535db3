import { headersOf, type ServerEntry, type Snippet } from '../client.js';
import { commandClient } from './command-client.js';

const common = ({ url }: ServerEntry) => [
  '--cli',
  url,
  '--transport',
  'http',
  '--stored-auth-only',
  '--format',
  'json',
];

const snippet = ([server]: ServerEntry[]): Snippet => ({
  where: 'shell',
  language: 'sh',
  text: [
    `npx mcp-inspector ${server ? common(server).join(' ') : ''} --method tools/list`,
    ...(server?.headers ?? []).map(({ name, variable }) => `  --header "${name}: Bearer $${variable}"`),
  ].join(' \\\n'),
});

function headerOptions(server: ServerEntry, secrets: Record<string, string>): string[] {
  const values = headersOf(server, (variable) => secrets[variable] ?? '');
  return Object.entries(values).flatMap(([name, value]) => ['--header', `${name}: ${value}`]);
}

export const inspector = commandClient({
  id: 'inspector',
  name: 'MCP Inspector `--cli`',
  install: { by: 'npm', packages: { '@modelcontextprotocol/inspector': '2.12.0' } },
  note: 'Its file `mcp.json` expands no variables. Each command is a session of its own. Without `--stored-auth-only` it offers to sign in when it gets a 401.',
  snippet,
  configure: () => Promise.resolve(),
  open: (server, { secrets }) => [
    ['mcp-inspector', ...common(server), ...headerOptions(server, secrets), '--method', 'tools/list'],
  ],
  call: (server, { tool, arguments: given }, { secrets }) => [
    'mcp-inspector',
    ...common(server),
    ...headerOptions(server, secrets),
    '--method',
    'tools/call',
    '--tool-name',
    tool,
    ...Object.entries(given).flatMap(([name, value]) => ['--tool-arg', `${name}=${value}`]),
  ],
});
