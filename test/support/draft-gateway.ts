import type { CatalogueItem, Era, UpstreamFacts } from '@lethe/contracts';
import { z } from 'zod';
import { connectLegacy, connectModern } from './mcp-clients.js';
import { catalogueItems, type GatewayDraft } from './published-routes.js';

const ANYTHING = z.looseObject({});
const LISTS = ['tools/list', 'resources/list', 'resources/templates/list', 'prompts/list'];

/** What a connector would have found at an upstream that asks for no credential; its lists are taken verbatim. */
export async function draftGateway(slug: string, url: string, era: Era): Promise<GatewayDraft> {
  const found = era === 'legacy' ? await visitLegacy(url) : await visitModern(url);
  return { slug, url, mappings: [], ...found };
}

type Found = { items: CatalogueItem[]; facts: Partial<UpstreamFacts> };

async function visitLegacy(url: string): Promise<Found> {
  const client = await connectLegacy(url, {});
  const lists = await Promise.all(LISTS.map((method) => client.request({ method }, ANYTHING)));
  const capabilities = { ...client.getServerCapabilities() };
  await client.close();
  return {
    items: catalogueItems(Object.assign({}, ...lists)),
    facts: { era: 'legacy', protocolVersion: '2025-11-25', sessionful: true, capabilities: plain(capabilities) },
  };
}

async function visitModern(url: string): Promise<Found> {
  const client = await connectModern(url, {});
  const lists = await Promise.all(LISTS.map((method) => client.request({ method }, ANYTHING)));
  const capabilities = { ...client.getServerCapabilities() };
  await client.close();
  return {
    items: catalogueItems(Object.assign({}, ...lists)),
    facts: { era: 'modern', protocolVersion: '2026-07-28', sessionful: false, capabilities: plain(capabilities) },
  };
}

function plain(value: object) {
  return JSON.parse(JSON.stringify(value));
}
