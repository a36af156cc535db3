import type { CatalogueItem } from '@lethe/contracts';
import { generateSlotKey, openCredential, sealCredential } from '@lethe/sealing';
import { runHandshake } from '../handshake/handshake.js';
import { type MockResults, mockConnector } from './mock-upstream.js';

const MOCK_URL = 'http://warm-up.invalid/mcp';
const VID = '00000000-0000-4000-8000-000000000000';
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
 * Runs whole handshakes with an upstream inside this process before there is a credential. What the first handshake
 * would load and compile is ready afterwards. No connection is opened, and no result is kept.
 */
export async function warmUp(): Promise<void> {
  await warmUpOpening();
  for (const results of [LEGACY, MODERN]) {
    const task = {
      url: MOCK_URL,
      transport: 'streamable-http' as const,
      policy: { allowed: [] },
      timeoutMs: TIMEOUT_MS,
    };
    const outcome = await runHandshake(task, { scheme: 'bearer', token: VID }, { connect: mockConnector(results) });
    if (outcome.status !== 'verified') throw new Error('the warm-up failed');
  }
}

/** With a key of its own, which is dropped: the slot's key opens one envelope only. */
async function warmUpOpening(): Promise<void> {
  const key = await generateSlotKey();
  const nowSeconds = Math.floor(Date.now() / 1000);
  const bound = { aud: MOCK_URL, vid: VID };
  const slot = { connector: '', slot: '', gatewayId: VID, kid: key.kid, jwk: key.publicJwk };
  const sealed = await sealCredential({ ...slot, ...bound, exp: nowSeconds + 60 }, { scheme: 'bearer', token: VID });
  await openCredential(sealed, key, { ...bound, nowSeconds });
}
