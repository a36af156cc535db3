import {
  braced,
  byName,
  commandLines,
  headersWith,
  jsonText,
  type SecretHeader,
  SECRETS_IN_FILE,
  type ServerEntry,
  unexpanded,
} from './client-format.js';
import { inputsOf, promptId } from './editors.js';
import { cursorLink, vscodeLink } from './install-links.js';

/** How a client starts `lethe bridge`, which sends the logins of the person. */
export interface BridgeFormat {
  /** The part of the client's file that names these virtual servers, without a secret. */
  content(servers: readonly ServerEntry[]): string;
  /** A shell command that writes the same; undefined where the client has none that can. */
  command?(server: ServerEntry): string;
  /** As of a `ClientFormat`. */
  link?(server: ServerEntry): string;
  /** What to know about this client, besides what holds for all of them. */
  notes: readonly string[];
}

/** Holds for every client: what a bridge is, and what it needs. */
export const BRIDGE_NOTES = [
  'It needs the command lethe (npm install -g lethe), and a login for each gateway that wants one: lethe login <URL>. ' +
    'Without an installation, "npx" with the arguments "-y", "lethe" in front does the same, more slowly.',
];

const COMMAND = 'lethe';
const argumentsOf = ({ url }: ServerEntry): string[] => ['bridge', url];

/** What the bridge reads from its environment: the caller's key, and what no login gives. */
function environment({ headers }: ServerEntry, notation: (header: SecretHeader) => string): Record<string, string> {
  return Object.fromEntries(headers.map((header) => [header.variable, notation(header)]));
}

/** `{ command, args, env }`, which most clients take. */
function started(server: ServerEntry, notation: (header: SecretHeader) => string): object {
  return { command: COMMAND, args: argumentsOf(server), env: environment(server, notation) };
}

/** `-e 'NAME=${NAME}'` for each variable. */
function variableFlags(flag: string, { headers }: ServerEntry, notation: (header: SecretHeader) => string): string[] {
  return headers.map((header) => `${flag} ${unexpanded(`${header.variable}=${notation(header)}`)}`);
}

const dollar = ({ variable }: SecretHeader): string => `$${variable}`;
const inFile = ({ holds }: SecretHeader): string => `<${holds}>`;
const jsonOf =
  (member: string, settings: (server: ServerEntry) => object) =>
  (servers: readonly ServerEntry[]): string =>
    jsonText({ [member]: byName(servers, settings) });

const claudeCode: BridgeFormat = {
  content: jsonOf('mcpServers', (server) => ({ type: 'stdio', ...started(server, braced) })),
  command: (server) =>
    commandLines(
      'claude mcp add',
      // Before another flag: it takes as many words as there are.
      ...variableFlags('--env', server, braced),
      `--transport stdio ${server.name} -- ${COMMAND} bridge ${unexpanded(server.url)}`,
    ),
  notes: [],
};

const codex: BridgeFormat = {
  content: (servers) => servers.map(codexTable).join('\n\n'),
  notes: ['env_vars names the variables of its own environment that it passes on.'],
};

/** The bridge finds the person's keychain and folder by these, where they are set. */
const WHERE_LOGINS_ARE = ['DBUS_SESSION_BUS_ADDRESS', 'XDG_CONFIG_HOME'];

function codexTable(server: ServerEntry): string {
  const variables = [...server.headers.map(({ variable }) => variable), ...WHERE_LOGINS_ARE];
  return [
    `[mcp_servers.${server.name}]`,
    `command = ${JSON.stringify(COMMAND)}`,
    `args = ${JSON.stringify(argumentsOf(server))}`,
    `env_vars = ${JSON.stringify(variables)}`,
    'required = true',
  ].join('\n');
}

/** Gemini CLI, and Qwen Code, which comes from it. */
function geminiFamily(program: string): BridgeFormat {
  return {
    content: jsonOf('mcpServers', (server) => started(server, dollar)),
    command: (server) =>
      commandLines(
        `${program} mcp add -s user`,
        ...variableFlags('-e', server, dollar),
        `${server.name} ${COMMAND} bridge ${unexpanded(server.url)}`,
      ),
    notes: [],
  };
}

const opencode: BridgeFormat = {
  content: jsonOf('mcp', (server) => ({
    type: 'local',
    command: [COMMAND, ...argumentsOf(server)],
    environment: environment(server, ({ variable }) => `{env:${variable}}`),
    enabled: true,
  })),
  notes: [],
};

const continueCli: BridgeFormat = {
  content: (servers) => ['mcpServers:', ...servers.flatMap(continueEntry)].join('\n'),
  notes: [],
};

/** A JSON text is a YAML scalar, whatever stands in it. */
function continueEntry(server: ServerEntry): string[] {
  const variables = Object.entries(environment(server, ({ variable }) => `\${{ secrets.${variable} }}`));
  return [
    `  - name: ${JSON.stringify(server.name)}`,
    '    type: stdio',
    `    command: ${JSON.stringify(COMMAND)}`,
    `    args: ${JSON.stringify(argumentsOf(server))}`,
    ...(variables.length > 0 ? ['    env:'] : []),
    ...variables.map(([name, value]) => `      ${name}: ${JSON.stringify(value)}`),
  ];
}

const vscodeSettings = (server: ServerEntry): object => ({
  type: 'stdio',
  ...started(server, (header) => `\${input:${promptId(header)}}`),
});

const vscode: BridgeFormat = {
  content: (servers) => jsonText({ inputs: inputsOf(servers), servers: byName(servers, vscodeSettings) }),
  link: (server) => vscodeLink(server, vscodeSettings(server), inputsOf([server])),
  notes: [],
};

const common = (notation: (header: SecretHeader) => string, ...notes: readonly string[]): BridgeFormat => ({
  content: jsonOf('mcpServers', (server) => started(server, notation)),
  notes,
});

const inCursor = ({ variable }: SecretHeader): string => `\${env:${variable}}`;

/** The clients that start programs, by their ids. */
export const BRIDGES: Readonly<Record<string, BridgeFormat>> = {
  'claude-code': claudeCode,
  codex,
  'gemini-cli': geminiFamily('gemini'),
  'qwen-code': geminiFamily('qwen'),
  copilot: {
    content: jsonOf('mcpServers', (server) => ({ type: 'local', ...started(server, braced), tools: ['*'] })),
    notes: [],
  },
  opencode,
  continue: continueCli,
  cline: common(inFile, SECRETS_IN_FILE),
  vscode,
  cursor: { ...common(inCursor), link: (server) => cursorLink(server, started(server, inCursor)) },
  zed: {
    content: jsonOf('context_servers', (server) => started(server, inFile)),
    notes: [SECRETS_IN_FILE],
  },
  mcporter: common(braced),
  mcpc: common(braced),
};

/** Claude Code runs such a program when it connects, and again where the virtual server tells rejections by an HTTP status. */
export const HEADER_HELPER: BridgeFormat = {
  content: jsonOf('mcpServers', (server) => ({
    type: 'http',
    url: server.url,
    headers: headersWith(server, braced),
    headersHelper: `${COMMAND} headers ${server.url}`,
  })),
  notes: [
    'It runs the command when it connects. So that it does so too when a token has ended, the virtual server has to tell that by an ' +
      'HTTP status: lethe edit <server> rejectedCredential=http.',
  ],
};
