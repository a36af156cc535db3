import type { Embedded } from '../embedded.js';
import { legacyScript, startScriptedUpstream, type Upstream } from '../upstreams/index.js';

const TOKEN = 'composer-upstream-token';
const reads = { readOnlyHint: true } as const;

interface ToolLike {
  name: string;
  description: string;
  annotations?: object;
}

const TICKETS: ToolLike[] = [
  { name: 'search', description: 'Searches tickets by words', annotations: reads },
  { name: 'list_tickets', description: 'Lists open tickets', annotations: reads },
  { name: 'create_ticket', description: 'Opens a ticket' },
  { name: 'close_ticket', description: 'Closes a ticket for good' },
];
const WIKI: ToolLike[] = [
  { name: 'search', description: 'Searches pages of the wiki' },
  { name: 'page_read', description: 'Reads a page' },
  { name: 'page_write', description: 'Writes a page' },
  { name: 'space_list', description: 'Lists spaces' },
];

/** Registers an upstream with these tools, and verifies it. */
export async function registerTools(
  lethe: Embedded,
  gateway: { name: string; slug: string } & Record<string, unknown>,
  tools: readonly ToolLike[],
): Promise<Upstream> {
  const listed = tools.map((tool) => ({ ...tool, inputSchema: { type: 'object', properties: {} } }));
  const upstream = await startScriptedUpstream(legacyScript({ results: { 'tools/list': { tools: listed } } }));
  const { verification } = await lethe.admin.register({ ...gateway, url: upstream.url }, TOKEN);
  if (verification.state !== 'verified') throw new Error(`not verified: ${verification.code ?? verification.state}`);
  return upstream;
}

/** Two gateways of which one tool has the same name: tickets, with trusted hints and tags, and a wiki. */
export async function registerTicketsAndWiki(lethe: Embedded): Promise<Upstream[]> {
  const itemTags = [{ kind: 'tool', name: '*_ticket', tags: ['write'] }];
  const tickets = { name: 'Tickets', slug: 'tickets', tags: ['support'], trustHints: true, itemTags };
  return [
    await registerTools(lethe, tickets, TICKETS),
    await registerTools(lethe, { name: 'Wiki', slug: 'wiki', tags: ['docs'] }, WIKI),
  ];
}

/** So many tools, as many as a gateway may have. */
export function manyTools(count: number): ToolLike[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `tool_${String(index).padStart(4, '0')}`,
    description: `Does the thing number ${index} of a long list, and says how it went`,
  }));
}
