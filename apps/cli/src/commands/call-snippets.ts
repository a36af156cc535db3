import { KEY_VARIABLE, nameToSend, type NeededHeader, secretText, valueWith } from '@lethe/mcp';

/** What the snippets call. */
export interface CallTarget {
  /** The endpoint; undefined while the URL of the proxies is not known here. */
  endpoint: string | undefined;
  path: string;
  name: string;
  isOpen: boolean;
  /** Whether the virtual server serves the legacy era alone. */
  isLegacyOnly: boolean;
  headers: readonly NeededHeader[];
}

/** Commands to paste. They contain the names of variables, and no secret. */
export interface CallSnippets {
  /** What each variable has to hold. */
  variables: Record<string, string>;
  /** For a shell; it expands the variables. */
  curl: string;
  /** For a shell; Claude Code expands the variables when it starts. */
  claude: string;
}

/** The URL of the proxies as a variable, where nothing is known of it. */
const URL_VARIABLE = 'LETHE_PUBLIC_URL';
const CONTINUED = ' \\\n  ';

const MODERN_META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'curl', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};
const LIST_TOOLS = { method: 'tools/list', params: { _meta: MODERN_META } };
const LIST_TOOLS_HEADERS = ['MCP-Protocol-Version: 2026-07-28', 'Mcp-Method: tools/list'];
/** A legacy client lists tools only in a session, which one request can't have. */
const INITIALIZE = {
  method: 'initialize',
  params: {
    protocolVersion: '2025-11-25',
    clientInfo: MODERN_META['io.modelcontextprotocol/clientInfo'],
    capabilities: {},
  },
};

/** A header whose value ends in a variable. */
interface SecretHeader {
  text: string;
  variable: string;
}

/** A first call with curl, and the configuration of one client. */
export function callSnippets(target: CallTarget): CallSnippets {
  const { endpoint, name, isOpen, headers } = target;
  const secret = [
    ...(isOpen ? [] : [{ text: 'Authorization: Bearer ', variable: KEY_VARIABLE }]),
    ...headers.map((header) => ({
      text: `${nameToSend(header)}: ${valueWith(header, '')}`,
      variable: header.variable,
    })),
  ];
  const variables = new Map([
    ...(endpoint === undefined ? [[URL_VARIABLE, 'the URL at which clients reach the proxies'] as const] : []),
    ...(isOpen ? [] : [[KEY_VARIABLE, "the caller's key"] as const]),
    ...headers.map((header) => [header.variable, secretText(header)] as const),
  ]);
  return {
    variables: Object.fromEntries(variables),
    curl: curlOf(target, secret),
    claude: [
      `claude mcp add --transport http ${name} ${unexpanded(endpoint ?? `\${${URL_VARIABLE}}${target.path}`)}`,
      ...secret.map(({ text, variable }) => `--header ${unexpanded(`${text}\${${variable}}`)}`),
    ].join(CONTINUED),
  };
}

function curlOf({ endpoint, path, isLegacyOnly }: CallTarget, secret: readonly SecretHeader[]): string {
  const plain = ['Content-Type: application/json', 'Accept: application/json, text/event-stream'];
  const method = isLegacyOnly ? INITIALIZE : LIST_TOOLS;
  return [
    `curl -sS ${endpoint === undefined ? `"\${${URL_VARIABLE}}${path}"` : unexpanded(endpoint)}`,
    ...secret.map(({ text, variable }) => `-H "${text.replace(/["\\`$]/g, '\\$&')}\${${variable}}"`),
    ...[...plain, ...(isLegacyOnly ? [] : LIST_TOOLS_HEADERS)].map((header) => `-H ${unexpanded(header)}`),
    `--data ${unexpanded(JSON.stringify({ jsonrpc: '2.0', id: 1, ...method }))}`,
  ].join(CONTINUED);
}

/** Quoted for a shell, which expands nothing in it. */
function unexpanded(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
