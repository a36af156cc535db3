import { runHandshake } from '../../apps/connector/src/handshake/handshake.js';
import type { GatewayDraft } from './published-routes.js';

/** A gateway to an upstream that asks for no credential, with what a real handshake finds there. */
export async function verifiedGateway(slug: string, url: string): Promise<GatewayDraft> {
  const task = { url, transport: 'auto', policy: { allowed: ['127.0.0.0/8'] }, timeoutMs: 10_000 } as const;
  const outcome = await runHandshake(task, { scheme: 'none' });
  if (outcome.status === 'failed') throw new Error(`not verified: ${outcome.code}`);
  const { items, facts } = outcome;
  return { slug, url, mappings: [], items, facts };
}
