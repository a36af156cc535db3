import { foundItemsResponse, type FoundItemResponse } from '../registry/list-responses.js';
import { queryString } from '../registry/query-string.js';
import { columns, countText } from '../terminal/printable.js';
import { type CommonFlags, registryFor, type RunContext, terminalFor } from './run-context.js';

/** Flags of `lethe search`. */
export interface SearchFlags extends CommonFlags {
  kind?: string;
  gateway?: string;
  tag?: string;
  limit: number;
}

/** Characters of a description that a line has. */
const SHOWN = 80;

/** `lethe search`: finds items in the catalogues of all gateways. */
export async function searchItems(context: RunContext, words: string[], flags: SearchFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const { kind, gateway, tag, limit } = flags;
  const query = queryString({ q: words.join(' '), kind, gateway, tag, limit: String(limit) });
  const { items, nextCursor } = await client.request(foundItemsResponse, 'GET', `/items${query}`);
  for (const line of columns(items.map(rowOf))) terminal.print(line);
  if (items.length === 0) terminal.print('Nothing found. An item is found once its gateway is verified.');
  if (nextCursor) terminal.note('There is more: see --limit, or give more words.');
  terminal.printJson({ items });
}

function rowOf({ gateway, kind, name, description, stale, servers, exposedCount }: FoundItemResponse): string[] {
  const shown = servers.map(({ slug, exposed }) => (exposed === name ? slug : `${slug} as ${exposed}`));
  const further = exposedCount > servers.length ? [countText(exposedCount - servers.length, 'more')] : [];
  const where = shown.length === 0 ? 'in no virtual server' : `in ${[...shown, ...further].join(', ')}`;
  const text = (description ?? '').replaceAll(/\s+/g, ' ').trim();
  return [gateway, kind, name, `${where}${stale ? '; stale' : ''}`, [...text].slice(0, SHOWN).join('')];
}
