import type { CatalogueItem } from '@lethe/contracts';
import { connectLegacy, connectModern } from './mcp-clients.js';
import { catalogueItems } from './published-routes.js';

/** What an upstream of the legacy era lists to this credential. */
export async function legacyItems(url: string, credential: string): Promise<CatalogueItem[]> {
  return itemsOf(await connectLegacy(url, { authorization: `Bearer ${credential}` }));
}

/** What an upstream of the modern era lists to this credential. */
export async function modernItems(url: string, credential: string): Promise<CatalogueItem[]> {
  return itemsOf(await connectModern(url, { authorization: `Bearer ${credential}` }));
}

type Client = Awaited<ReturnType<typeof connectLegacy>> | Awaited<ReturnType<typeof connectModern>>;

async function itemsOf(client: Client): Promise<CatalogueItem[]> {
  const items = catalogueItems({
    ...(await client.listTools()),
    ...(await client.listResources()),
    ...(await client.listResourceTemplates()),
    ...(await client.listPrompts()),
  });
  await client.close();
  return items;
}
