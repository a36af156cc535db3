import type {
  CatalogueCounts,
  CatalogueItem,
  EraFacts,
  ItemCounts,
  OrderSubject,
  ReceiptClaims,
  SkippedItem,
  UpstreamFacts,
  HandshakeWarning,
} from '@lethe/contracts';
import { receiptFacts } from '@lethe/contracts';

export const VID = '11111111-1111-4111-8111-111111111111';
export const GATEWAY = '22222222-2222-4222-8222-222222222222';
export const AT = '2026-11-29T12:00:00.000Z';

const LEGACY: EraFacts = {
  ...{ era: 'legacy', protocolVersion: '2025-11-25', sessionful: true, sessionIdBytes: 36, listScope: 'unknown' },
  ...{ serverInfo: { name: 'golden', version: '1' }, capabilities: { tools: {} }, instructions: 'Be kind.' },
};

export const FACTS: UpstreamFacts = {
  ...{ era: 'modern', protocolVersion: '2026-07-28', sessionful: false, listScope: 'public' },
  ...{ serverInfo: { name: 'golden', version: '1', 'x-own': [1, null] }, capabilities: { tools: {} } },
  ...{ transport: 'streamable-http', otherEra: LEGACY },
};

export const ITEMS: CatalogueItem[] = [
  {
    kind: 'tool',
    own: 'echo',
    definition: { name: 'echo', inputSchema: { type: 'object' } },
    legacyDefinition: { name: 'echo', inputSchema: { type: 'object' }, 'x-own': true },
    needs: ['elicitation.url'],
  },
  { kind: 'prompt', own: 'greet', definition: { name: 'greet' }, onlyIn: 'modern' },
];

const ONE_OF_EACH: ItemCounts = { tools: 1, resources: 0, resourceTemplates: 0, prompts: 1 };
export const COUNTS: CatalogueCounts = {
  ...{ ...ONE_OF_EACH, skipped: 1, conditional: 1 },
  byEra: { legacy: ONE_OF_EACH, modern: ONE_OF_EACH },
};
export const SKIPPED: SkippedItem[] = [{ kind: 'tool', index: 2, era: 'legacy', reason: 'malformed' }];
export const WARNINGS: HandshakeWarning[] = [
  { code: 'era_failed', era: 'legacy', why: 'upstream_timeout', httpStatus: 503 },
  { code: 'catalogue_empty', requested: [{ era: 'modern', methods: ['tools/list'] }] },
  { code: 'hidden_text', pointer: '/items/0', kind: 'tool', name: 'echo', found: { bidi: 1 } },
];

export const ORDER: OrderSubject = {
  ...{ vid: VID, gatewayId: GATEWAY, slug: 'golden', url: 'https://mcp.example.com/mcp', transport: 'auto' },
  mappings: [
    { header: 'Authorization', required: true, scheme: 'bearer' },
    { header: 'X-Api-Key', to: { query: 'key' } },
  ],
  ...{ configRevision: 2, attempt: 3 },
};

export const RECEIPT: ReceiptClaims = {
  ...{ order: ORDER, outcome: 'verified', connector: 'a-connector', slot: 'a-slot' },
  ...{ origins: ['https://mcp.example.com'], requests: 7, startedAt: AT, finishedAt: AT },
  ...{ slotEnd: { how: 'exited', at: AT }, digest: 'a'.repeat(64), counts: COUNTS, facts: receiptFacts(FACTS) },
};
