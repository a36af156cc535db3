import type { CatalogueItem, UpstreamFacts } from '@lethe/contracts';
import { connectLegacy } from '../mcp-clients.js';
import { catalogueItems } from '../published-routes.js';

/** What the reference server shows to a client that lets itself be asked everything, as a handshake would find it. */
export async function everythingCatalogue(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ items: CatalogueItem[]; facts: Partial<UpstreamFacts> }> {
  const asked = { sampling: {}, elicitation: { form: {}, url: {} }, roots: { listChanged: true } };
  const client = await connectLegacy(url, headers, asked);
  const items = catalogueItems({
    ...(await client.listTools()),
    ...(await client.listResources()),
    ...(await client.listResourceTemplates()),
    ...(await client.listPrompts()),
  });
  const capabilities = JSON.parse(JSON.stringify(client.getServerCapabilities()));
  await client.close();
  return { items, facts: { sessionful: true, capabilities } };
}
