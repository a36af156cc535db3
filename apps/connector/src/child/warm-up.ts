import type { CatalogueItem } from '@lethe/contracts';
import { generateSlotKey, openCredential, sealCredential } from '@lethe/sealing';
import { runHandshake } from '../handshake/handshake.js';
import { type MockResults, mockConnector } from './mock-upstream.js';

const URL_OF_NOBODY = 'http://rehearsal.invalid/mcp';
const VID = '00000000-0000-4000-8000-000000000000';
const TIMEOUT_MS = 5_000;
const INFO = { name: 'rehearsal', version: '1' };
const CAPABILITIES = { tools: {}, resources: {}, prompts: {} };
const TOOL: CatalogueItem['definition'] = {
  ...{ name: 'tool', title: 'Tool', description: 'Text' },
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
  ...Object.fromEntries(Object.entries(LISTS).map(([method, list]) => [method, cached(list)])),
  'server/discover': cached({
    ...{ supportedVersions: ['2026-07-28'], capabilities: CAPABILITIES },
    _meta: { 'io.modelcontextprotocol/serverInfo': INFO },
  }),
};

function cached(result: object): object {
  return { resultType: 'complete', ttlMs: 0, cacheScope: 'private', ...result };
}

/**
 * Goes through whole handshakes before there is a credential, with an upstream inside this process: what is loaded and
 * compiled at a first use then is, and nobody waits for it. No connection is opened, and nothing of it is kept.
 */
export async function warmUp(): Promise<void> {
  await warmUpOpening();
  for (const results of [LEGACY, MODERN]) {
    const task = {
      url: URL_OF_NOBODY,
      transport: 'streamable-http' as const,
      policy: { allowed: [] },
      timeoutMs: TIMEOUT_MS,
    };
    const outcome = await runHandshake(task, { scheme: 'bearer', token: VID }, { connect: mockConnector(results) });
    if (outcome.status !== 'verified') throw new Error('the rehearsal failed');
  }
}

/** With a key that is thrown away: a slot's own opens one envelope. */
async function warmUpOpening(): Promise<void> {
  const key = await generateSlotKey();
  const nowSeconds = Math.floor(Date.now() / 1000);
  const bound = { aud: URL_OF_NOBODY, vid: VID };
  const slot = { connector: '', slot: '', gatewayId: VID, kid: key.kid, jwk: key.publicJwk };
  const sealed = await sealCredential({ ...slot, ...bound, exp: nowSeconds + 60 }, { scheme: 'bearer', token: VID });
  await openCredential(sealed, key, { ...bound, nowSeconds });
}
