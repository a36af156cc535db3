import {
  byName,
  type ClientFormat,
  headersWith,
  jsonText,
  type SecretHeader,
  SECRETS_IN_FILE,
  type ServerEntry,
} from './client-format.js';
import { cursorLink, vscodeLink } from './install-links.js';

/** The id of the prompt for a secret. */
export function promptId({ variable }: SecretHeader): string {
  return variable.toLowerCase().replaceAll('_', '-');
}

/** A prompt for each secret. */
export function inputsOf(servers: readonly ServerEntry[]): object[] {
  const secrets = new Map(servers.flatMap(({ headers }) => headers.map((header) => [header.variable, header])));
  return [...secrets.values()].map((header) => ({
    type: 'promptString',
    id: promptId(header),
    description: header.holds,
    password: true,
  }));
}

const vscodeSettings = (server: ServerEntry): object => ({
  type: 'http',
  url: server.url,
  headers: headersWith(server, (header) => `\${input:${promptId(header)}}`),
});

/** https://code.visualstudio.com/docs/agents/reference/mcp-configuration */
const vscode: ClientFormat = {
  id: 'vscode',
  name: 'Visual Studio Code',
  file: '.vscode/mcp.json',
  format: 'json',
  content: (servers) =>
    jsonText({
      inputs: inputsOf(servers),
      servers: byName(servers, vscodeSettings),
    }),
  link: (server) => vscodeLink(server, vscodeSettings(server), inputsOf([server])),
  variables: () => [],
  notes: [
    'It asks for each secret at the first start, and keeps it in its own secret storage, not in the file.',
    'Sessions of its Copilot CLI agent get no server that prompts: for those, use the configuration of GitHub Copilot CLI.',
  ],
};

const cursorSettings = (server: ServerEntry): object => ({
  url: server.url,
  headers: headersWith(server, ({ variable }) => `\${env:${variable}}`),
});

/** https://cursor.com/docs/mcp */
const cursor: ClientFormat = {
  id: 'cursor',
  name: 'Cursor',
  file: '~/.cursor/mcp.json',
  format: 'json',
  content: (servers) => jsonText({ mcpServers: byName(servers, cursorSettings) }),
  link: (server) => cursorLink(server, cursorSettings(server)),
  notes: [
    'It reads the variables of the environment it was started in: start it from a shell that has them, or set them for the ' +
      'whole session.',
  ],
};

/** https://zed.dev/docs/ai/mcp */
const zed: ClientFormat = {
  id: 'zed',
  name: 'Zed',
  file: '~/.config/zed/settings.json',
  format: 'json',
  content: (servers) =>
    jsonText({
      context_servers: byName(servers, (server) => ({
        url: server.url,
        headers: headersWith(server, ({ holds }) => `<${holds}>`),
      })),
    }),
  variables: () => [],
  notes: [SECRETS_IN_FILE, 'Without the header Authorization it begins to sign in, which Lethe does not offer.'],
};

/** Editors. */
export const EDITORS: readonly ClientFormat[] = [vscode, cursor, zed];
