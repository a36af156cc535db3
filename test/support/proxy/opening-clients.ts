/** A request that a client sends to begin: its own headers, JSON-RPC id and parameters. */
export interface Opening {
  headers: Record<string, string>;
  message: { jsonrpc: '2.0'; id: string | number; method: string; params: object };
}

/** What was recorded of a client. */
interface Recorded {
  name: string;
  agent?: string;
  /** In the order in which the client names the media types. */
  accept?: string;
  id: string | number;
  fallbackId: number;
  info: object;
  capabilities?: object;
  /** The protocol version that it offers in `initialize`. */
  offers?: string;
}

const JSON_FIRST = 'application/json, text/event-stream';
const EVENTS_FIRST = 'text/event-stream, application/json';
const PROBE = 'server-discover-probe-1';

/** Recorded on 2026-11-29, each with a server that refused its `server/discover`. */
const RECORDED: Recorded[] = [
  {
    name: 'Claude Code 2.1.328',
    agent: 'claude-code/2.1.328 (sdk-cli)',
    ...{ id: PROBE, fallbackId: 0 },
    info: {
      name: 'claude-code',
      title: 'Claude Code',
      version: '2.1.328',
      websiteUrl: 'https://claude.com/claude-code',
    },
    capabilities: { roots: { listChanged: true }, elicitation: { form: {}, url: {} } },
  },
  {
    name: 'GitHub Copilot CLI 1.0.102',
    agent: 'copilot-cli/1.0.102',
    accept: EVENTS_FIRST,
    ...{ id: 0, fallbackId: 1 },
    info: { name: 'copilot-cli', version: '1.0.102' },
    capabilities: { sampling: {}, elicitation: { form: {}, url: {} } },
  },
  {
    name: '@ai-sdk/mcp 2.0.99',
    agent: 'ai-sdk/2.0.99 node.js/26',
    ...{ id: 0, fallbackId: 1 },
    info: { name: 'ai-sdk-mcp-client', version: '1.0.0' },
  },
  {
    name: '@mastra/mcp 2.0.0',
    ...{ id: PROBE, fallbackId: 0 },
    info: { name: 's', version: '1.0.0' },
    capabilities: { extensions: { 'io.modelcontextprotocol/ui': {} } },
  },
  { name: '@openai/agents 0.20.0', ...{ id: PROBE, fallbackId: 0 }, info: { name: 's', version: '1.0.0' } },
  {
    name: 'Python mcp 2.3.0',
    agent: 'python-httpx2/2.16.2',
    ...{ id: 1, fallbackId: 2 },
    info: { name: 'mcp', version: '0.1.0' },
  },
  {
    name: 'FastMCP 4.2.3',
    agent: 'python-httpx2/2.16.2',
    ...{ id: 1, fallbackId: 2 },
    info: { name: 'fastmcp', version: '4.2.3' },
  },
  {
    name: 'Go SDK 1.8.0',
    agent: 'Go-http-client/1.1',
    ...{ id: 1, fallbackId: 2 },
    info: { name: 'go', version: '1' },
    capabilities: { roots: { listChanged: true } },
  },
  {
    name: 'Rust rmcp 3.11.0, Auto',
    accept: EVENTS_FIRST,
    ...{ id: 0, fallbackId: 1 },
    info: { name: 'rmcp', version: '3.11.0' },
    offers: '2026-07-28',
  },
];

/** Clients that begin with `server/discover`, and what they send when it is refused. */
export const OPENING_CLIENTS = RECORDED.map((recorded) => ({
  name: recorded.name,
  discover: discoverOf(recorded),
  initialize: initializeOf(recorded),
}));

function discoverOf(recorded: Recorded): Opening {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': recorded.info,
    'io.modelcontextprotocol/clientCapabilities': recorded.capabilities ?? {},
  };
  return {
    headers: { ...headersOf(recorded), 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'server/discover' },
    message: { jsonrpc: '2.0', id: recorded.id, method: 'server/discover', params: { _meta } },
  };
}

function initializeOf(recorded: Recorded): Opening {
  const { info, capabilities = {}, offers = '2025-11-25', fallbackId } = recorded;
  const params = { protocolVersion: offers, capabilities, clientInfo: info };
  return { headers: headersOf(recorded), message: { jsonrpc: '2.0', id: fallbackId, method: 'initialize', params } };
}

function headersOf({ agent, accept = JSON_FIRST }: Recorded): Record<string, string> {
  return { accept, ...(agent !== undefined && { 'user-agent': agent }) };
}
