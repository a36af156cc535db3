import {
  braced,
  byName,
  type ClientFormat,
  commandLines,
  headersWith,
  jsonText,
  type ServerEntry,
  unexpanded,
} from './client-format.js';

const mcpRemote: ClientFormat = {
  id: 'mcp-remote',
  name: 'mcp-remote, for clients that start programs',
  file: "the client's own file, such as claude_desktop_config.json",
  format: 'json',
  content: (servers) =>
    jsonText({
      mcpServers: byName(servers, ({ url, headers }) => ({
        command: 'npx',
        args: [
          '-y',
          'mcp-remote',
          url,
          ...headers.flatMap((header) => ['--header', `${header.name}:${header.prefix}${braced(header)}`]),
          ...(url.startsWith('http:') ? ['--allow-http'] : []),
        ],
      })),
    }),
  notes: [
    'mcp-remote expands the variables itself, from the environment that the client gives it. A client that gives it none ' +
      'needs them under "env" in its file, and then the secrets stay in that file: chmod 600 it.',
  ],
};

const mcporter: ClientFormat = {
  id: 'mcporter',
  name: 'mcporter',
  file: 'config/mcporter.json',
  format: 'json',
  content: (servers) =>
    jsonText({
      mcpServers: byName(servers, (server) => ({ url: server.url, headers: headersWith(server, braced) })),
    }),
  notes: ['It opens a session for each command, so no state is kept from call to call.'],
};

const mcpc: ClientFormat = {
  id: 'mcpc',
  name: 'mcpc',
  file: 'mcp.json',
  format: 'json',
  content: (servers) =>
    jsonText({ mcpServers: byName(servers, (server) => ({ url: server.url, headers: headersWith(server, braced) })) }),
  notes: ['Give it the file: of several headers on its command line it sends the last one only.'],
};

const inspector: ClientFormat = {
  id: 'inspector',
  name: 'MCP Inspector',
  file: 'a shell',
  format: 'sh',
  content: (servers) => servers.map(inspectorCommand).join('\n\n'),
  notes: [
    'Its file mcp.json expands no variables. Here the shell does: while the command runs, other processes of this user can ' +
      'read the secrets on its command line.',
    'Without --stored-auth-only it offers to sign in when it gets a 401.',
  ],
};

function inspectorCommand({ url, headers }: ServerEntry): string {
  return commandLines(
    `npx mcp-inspector --cli ${unexpanded(url)} --transport http --stored-auth-only --format json --method tools/list`,
    ...headers.map((header) => `--header "${shellText(`${header.name}: ${header.prefix}`)}${braced(header)}"`),
  );
}

/** In double quotes, where a shell would expand it. */
function shellText(text: string): string {
  return text.replace(/["\\`$]/g, '\\$&');
}

/** Programs that connect others, or that people ask from a shell. */
export const PROGRAMS: readonly ClientFormat[] = [mcpRemote, mcporter, mcpc, inspector];
