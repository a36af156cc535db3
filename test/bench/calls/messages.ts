import type { CatalogueItem } from '@lethe/contracts';
import { META } from '@lethe/mcp';

/** What is called, everywhere: a tool with arguments and a result of the size that trackers and search tools have. */
export const TOOL = 'search_issues';
/** What the upstream is called with. */
export const UPSTREAM_TOKEN = 'Bearer upstream-token-3f0c2a9b7d51';
export const LEGACY_VERSION = '2025-11-25';
export const MODERN_VERSION = '2026-07-28';

const ARGUMENTS = {
  repository: 'acme/warehouse-platform',
  query: 'is:open label:regression timeout while reserving stock in the second region',
  labels: ['regression', 'reservations', 'needs-triage'],
  updatedSince: '2026-05-01T00:00:00Z',
  sort: { by: 'updated', direction: 'desc' },
  fields: ['number', 'title', 'state', 'assignees', 'updatedAt', 'body'],
  perPage: 25,
  page: 1,
  includeClosed: false,
  note: 'Only what came in after the release of May; leave out what the import created, and group what is alike by area.',
};

const TEXT =
  'Two issues match.\n\n#4812 Reservation times out when both regions answer late (open, regression, assigned to mkl). ' +
  'Last update 2026-06-02: the second attempt holds the row that the first one waits for; a trace is attached.\n\n' +
  '#4790 Stock count is one off after a cancelled reservation (open, needs-triage). Last update 2026-05-29: seen twice ' +
  'in the second region, never in the first; the import is not involved.';

/** The result that the upstream gives to every call. */
export const RESULT = {
  content: [{ type: 'text', text: TEXT }],
  structuredContent: { total: 2, numbers: [4812, 4790], truncated: false },
  isError: false,
};

/** The same as an upstream of the modern era says it. */
export const MODERN_RESULT = { ...RESULT, resultType: 'complete' };

const ENVELOPE = {
  [META.protocolVersion]: MODERN_VERSION,
  [META.clientInfo]: { name: 'bench', version: '1.0.0' },
  [META.clientCapabilities]: {},
};

/** One request of a client: the body, and the headers that its era asks for. */
export interface ClientMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function legacyMessage(method: string, params: object): ClientMessage {
  return {
    headers: { 'mcp-protocol-version': LEGACY_VERSION },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  };
}

export function modernMessage(method: string, params: { name?: string; arguments?: object }): ClientMessage {
  return {
    headers: {
      'mcp-protocol-version': MODERN_VERSION,
      'mcp-method': method,
      ...(params.name !== undefined && { 'mcp-name': params.name }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: ENVELOPE } }),
  };
}

/** The same of a client that wants nothing packed. */
export function unpacked({ headers, body }: ClientMessage): ClientMessage {
  return { headers: { ...headers, 'accept-encoding': 'identity' }, body };
}

export const legacyCall = (name = TOOL) => legacyMessage('tools/call', { name, arguments: ARGUMENTS });
export const modernCall = (name = TOOL) => modernMessage('tools/call', { name, arguments: ARGUMENTS });

/** A tool as trackers describe theirs. */
export function describedTool(name: string): CatalogueItem {
  const definition = {
    name,
    title: 'Search issues',
    description: 'Searches the issues of one repository. Returns number, title, state and the newest comment of each.',
    inputSchema: {
      type: 'object',
      properties: {
        repository: { type: 'string', description: 'Owner and name, as in acme/warehouse' },
        query: { type: 'string', description: 'Words and qualifiers' },
        labels: { type: 'array', items: { type: 'string' } },
        perPage: { type: 'integer', minimum: 1, maximum: 100 },
      },
      required: ['repository', 'query'],
    },
    annotations: { readOnlyHint: true, openWorldHint: true },
  };
  return { kind: 'tool', own: name, definition };
}
