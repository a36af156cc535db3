import {
  braced,
  byName,
  type ClientFormat,
  commandLines,
  headersWith,
  jsonText,
  type SecretHeader,
  SECRETS_IN_FILE,
  type ServerEntry,
  unexpanded,
  type Variable,
} from './client-format.js';

const dollar = ({ variable }: SecretHeader): string => `$${variable}`;

/** `--header 'Name: Bearer ${NAME}'` for each header. */
function headerFlags(flag: string, { headers }: ServerEntry, notation: (header: SecretHeader) => string): string[] {
  return headers.map((header) => `${flag} ${unexpanded(`${header.name}: ${header.prefix}${notation(header)}`)}`);
}

const claudeCode: ClientFormat = {
  id: 'claude-code',
  name: 'Claude Code',
  file: '.mcp.json',
  format: 'json',
  content: (servers) =>
    jsonText({
      mcpServers: byName(servers, (server) => ({
        type: 'http',
        url: server.url,
        headers: headersWith(server, braced),
      })),
    }),
  command: (server) =>
    commandLines(
      `claude mcp add --transport http ${server.name} ${unexpanded(server.url)}`,
      ...headerFlags('--header', server, braced),
    ),
  notes: ['It reads the variables when it starts; one that is not set is sent as the text ${...}, after a warning.'],
};

/** Codex writes `Bearer` itself for `Authorization` alone; the variable of any other header holds the whole value. */
function codexVariable({ prefix, variable }: SecretHeader): string {
  return prefix === '' ? variable : variable.replace(/_(TOKEN|BASIC)(_\d+)?$/, '_AUTHORIZATION$2');
}

/** The header that Codex writes itself: the one for Lethe. */
function bearerOf({ headers }: ServerEntry): SecretHeader | undefined {
  return headers.find(({ name }) => name === 'Authorization');
}

function codexTable(server: ServerEntry): string {
  const own = bearerOf(server);
  const others = server.headers.filter((header) => header !== own);
  const pairs = others.map((header) => `${JSON.stringify(header.name)} = ${JSON.stringify(codexVariable(header))}`);
  return [
    `[mcp_servers.${server.name}]`,
    `url = ${JSON.stringify(server.url)}`,
    ...(own ? [`bearer_token_env_var = ${JSON.stringify(own.variable)}`] : []),
    ...(pairs.length > 0 ? [`env_http_headers = { ${pairs.join(', ')} }`] : []),
    'required = true',
  ].join('\n');
}

function codexVariables(server: ServerEntry): Variable[] {
  const own = bearerOf(server);
  return server.headers.map((header) => {
    if (header === own || header.prefix === '') return { name: header.variable, holds: header.holds };
    return { name: codexVariable(header), holds: `${header.prefix.trim()} and a space, then ${header.holds}` };
  });
}

const codex: ClientFormat = {
  id: 'codex',
  name: 'Codex',
  file: '~/.codex/config.toml',
  format: 'toml',
  content: (servers) => servers.map(codexTable).join('\n\n'),
  variables: codexVariables,
  notes: [
    'Names of variables stand in the file; those in env_http_headers hold the whole value of the header.',
    'Without required = true it goes on in silence when the server refuses it.',
  ],
};

/** Gemini CLI, and Qwen Code, which comes from it. */
function geminiFamily(id: string, name: string, program: string, file: string): ClientFormat {
  return {
    id,
    name,
    file,
    format: 'json',
    content: (servers) =>
      jsonText({
        mcpServers: byName(servers, (server) => ({ httpUrl: server.url, headers: headersWith(server, dollar) })),
      }),
    command: (server) =>
      commandLines(
        `${program} mcp add -s user -t http ${server.name} ${unexpanded(server.url)}`,
        ...headerFlags('-H', server, dollar),
      ),
    notes: [`It says little about a server that refused it: ${program} mcp list does.`],
  };
}

const copilot: ClientFormat = {
  id: 'copilot',
  name: 'GitHub Copilot CLI',
  file: '~/.copilot/mcp-config.json',
  format: 'json',
  content: (servers) =>
    jsonText({
      mcpServers: byName(servers, (server) => ({
        type: 'http',
        url: server.url,
        headers: headersWith(server, braced),
        tools: ['*'],
      })),
    }),
  command: (server) =>
    commandLines(
      `copilot mcp add --transport http ${server.name} ${unexpanded(server.url)}`,
      ...headerFlags('--header', server, braced),
    ),
  notes: ['With -p it says nothing about a server that refused it; ~/.copilot/logs does.'],
};

const opencode: ClientFormat = {
  id: 'opencode',
  name: 'opencode',
  file: 'opencode.json',
  format: 'json',
  content: (servers) =>
    jsonText({
      mcp: byName(servers, (server) => ({
        type: 'remote',
        url: server.url,
        headers: headersWith(server, ({ variable }) => `{env:${variable}}`),
        oauth: false,
      })),
    }),
  notes: ['{file:./path} in the place of {env:NAME} reads a secret from a file.'],
};

const continueCli: ClientFormat = {
  id: 'continue',
  name: 'Continue',
  file: '~/.continue/config.yaml',
  format: 'yaml',
  content: (servers) => ['mcpServers:', ...servers.flatMap(continueEntry)].join('\n'),
  notes: ['It reads the secrets from its environment, or from ~/.continue/.env.'],
};

/** A JSON text is a YAML scalar, whatever stands in it. */
function continueEntry(server: ServerEntry): string[] {
  const headers = Object.entries(headersWith(server, ({ variable }) => `\${{ secrets.${variable} }}`));
  return [
    `  - name: ${JSON.stringify(server.name)}`,
    '    type: streamable-http',
    `    url: ${JSON.stringify(server.url)}`,
    ...(headers.length > 0 ? ['    requestOptions:', '      headers:'] : []),
    ...headers.map(([name, value]) => `        ${JSON.stringify(name)}: ${JSON.stringify(value)}`),
  ];
}

const cline: ClientFormat = {
  id: 'cline',
  name: 'Cline',
  file: '~/.cline/data/settings/cline_mcp_settings.json',
  format: 'json',
  content: (servers) =>
    jsonText({
      mcpServers: byName(servers, (server) => ({
        type: 'streamableHttp',
        url: server.url,
        headers: headersWith(server, ({ holds }) => `<${holds}>`),
      })),
    }),
  variables: () => [],
  notes: [SECRETS_IN_FILE],
};

/** Agents for a terminal. */
export const AGENTS: readonly ClientFormat[] = [
  claudeCode,
  codex,
  geminiFamily('gemini-cli', 'Gemini CLI', 'gemini', '~/.gemini/settings.json'),
  geminiFamily('qwen-code', 'Qwen Code', 'qwen', '~/.qwen/settings.json'),
  copilot,
  opencode,
  continueCli,
  cline,
];
