import { createHash, randomUUID } from 'node:crypto';
import { type CatalogueItem, type ReceiptClaims, receiptFacts } from '@lethe/contracts';
import { catalogueDigest, type Trust } from '@lethe/sealing';
import { catalogueTexts, withSeal } from '../../../apps/registry/src/transfer/catalogue-seal.js';
import type { Exported } from '../../../apps/registry/src/transfer/document.js';
import { documentText } from '../../../apps/registry/src/transfer/write-document.js';
import { FACTS } from './fake-connector.js';

/** How large a set-up is. */
export interface DocumentSize {
  gateways: number;
  toolsPerGateway: number;
  servers: number;
  gatewaysPerServer: number;
}

const numbered = (word: string, n: number): string => `${word}-${String(n).padStart(4, '0')}`;

function toolOf(gateway: number, n: number): CatalogueItem {
  const name = `${['list', 'create', 'update', 'delete', 'search'][n % 5]}_item_${n}`;
  const texts = Array.from({ length: 6 }, (_, at) => [
    `field_${at}`,
    { type: 'string', description: `What the field ${at} of the item is, in words that a model can read` },
  ]);
  const inputSchema = { type: 'object', properties: Object.fromEntries(texts), required: ['field_0'] };
  const description = `Does something with an item of gateway ${gateway}: it reads all fields, then answers what was asked.`;
  return { kind: 'tool', own: name, definition: { name, description, inputSchema } };
}

/** A gateway with a verified catalogue, as a registry with these keys exports it. */
async function gatewayOf(n: number, tools: number, trust: Trust): Promise<Exported> {
  const slug = numbered('gateway', n);
  const url = `https://mcp-${n}.example.com/mcp`;
  const items = Array.from({ length: tools }, (_, at) => toolOf(n, at));
  const counts = { tools, resources: 0, resourceTemplates: 0, prompts: 0, skipped: 0 };
  const mappings = [{ header: 'Authorization', required: true }];
  const at = new Date().toISOString();
  const claims: ReceiptClaims = {
    order: {
      ...{ vid: randomUUID(), gatewayId: randomUUID(), slug, url, transport: 'auto', mappings },
      ...{ configRevision: 1 + (n % 3), attempt: 1 + (n % 7) },
    },
    ...{ outcome: 'verified', connector: 'a', slot: randomUUID(), origins: [url], requests: 3 },
    ...{ startedAt: at, finishedAt: at, slotEnd: { how: 'exited', at } },
    ...{ digest: catalogueDigest(FACTS, items), counts, facts: receiptFacts(FACTS) },
  };
  const receipt = await trust.connectorSigner().sign('receipt', claims, new Date());
  const texts = catalogueTexts({ facts: FACTS, counts, skipped: [], warnings: [] }, { items, stale: new Set() });
  const settings = {
    name: `Gateway ${n}`,
    tags: ['large'],
    description: `The gateway number ${n}`,
    passthroughHeaders: mappings,
  };
  return { slug, url, ...settings, catalogue: { ...withSeal(trust.rowsMac(), slug, { receipt, ...texts }) } };
}

function serverOf(n: number, from: number, { gateways, gatewaysPerServer }: DocumentSize): Exported {
  const members = Array.from({ length: gatewaysPerServer }, (_, at) =>
    numbered('gateway', from + ((n * 7 + at * 31) % gateways)),
  );
  const [first = ''] = members;
  return {
    slug: numbered('server', n),
    name: `Server ${n}`,
    include: [...new Set(members)].map((gateway) => ({ gateway, kinds: ['tool'], names: ['*_item_1*', 'search_*'] })),
    items: [{ gateway: first, kind: 'tool', name: 'create_item_1', as: `make_${n}`, description: 'Makes one' }],
    grants: [{ role: '*', readOnly: true }, { role: 'ops' }],
  };
}

/** A document of this size. @param from the number of its first gateway; virtual servers follow those of documents before */
export async function largeDocument(size: DocumentSize, trust: Trust, from = 0): Promise<string> {
  const gateways: Exported[] = [];
  for (let n = 0; n < size.gateways; n += 1) gateways.push(await gatewayOf(from + n, size.toolsPerGateway, trust));
  const firstServer = Math.round((from * size.servers) / size.gateways);
  const servers = Array.from({ length: size.servers }, (_, n) => serverOf(firstServer + n, from, size));
  let text = '';
  for await (const part of documentText('yaml', { gateways, servers })) text += part;
  return text;
}

/** A short name of a long text. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
