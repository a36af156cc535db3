import type { CatalogueItem } from '@lethe/contracts';
import { runHandshake } from '../handshake/handshake.js';
import { type MockResults, mockConnector } from './mock-upstream.js';

const TIMEOUT_MS = 5_000;
const INFO = { name: 'warm-up', version: '1' };
const CAPABILITIES = { tools: {}, resources: {}, prompts: {} };
const TOOL: CatalogueItem['definition'] = {
  name: 'tool',
  title: 'Tool',
  description: 'Text',
  inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
};
const LISTS: MockResults = {
  'tools/list': { tools: [TOOL] },
  'resources/list': { resources: [{ uri: 'file:///a', name: 'a' }] },
  'resources/templates/list': { resourceTemplates: [{ uriTemplate: 'file:///{a}', name: 'a' }] },
  'prompts/list': { prompts: [{ name: 'prompt' }] },
};
const LEGACY: MockResults = {
  ...LISTS,
  initialize: { protocolVersion: '2025-11-25', capabilities: CAPABILITIES, serverInfo: INFO },
};
const MODERN: MockResults = {
  ...Object.fromEntries(Object.entries(LISTS).map(([method, list]) => [method, cacheable(list)])),
  'server/discover': cacheable({
    supportedVersions: ['2026-07-28'],
    capabilities: CAPABILITIES,
    _meta: { 'io.modelcontextprotocol/serverInfo': INFO },
  }),
};

function cacheable(result: object): object {
  return { resultType: 'complete', ttlMs: 0, cacheScope: 'private', ...result };
}

/**
 * Whole handshakes with an upstream inside this process, one in each era. What the first handshake would load and compile is
 * ready afterwards. No connection is opened, and no result is kept.
 */
export const HANDSHAKE_WARM_UPS = [LEGACY, MODERN].map((results) => () => warmUpHandshake(results));

async function warmUpHandshake(results: MockResults): Promise<void> {
  const task = {
    url: 'http://warm-up.invalid/mcp',
    transport: 'streamable-http' as const,
    policy: { allowed: [] },
    timeoutMs: TIMEOUT_MS,
  };
  const credential = { scheme: 'bearer', token: 'warm-up' } as const;
  const outcome = await runHandshake(task, credential, { connect: mockConnector(results) });
  if (outcome.status !== 'verified') throw new Error('the warm-up failed');
}
