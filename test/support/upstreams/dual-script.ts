import { META } from '@lethe/mcp';
import { legacyScript } from './legacy-script.js';
import type { ScriptedExchange, UpstreamScript } from './scripted-upstream.js';

/** Client capabilities, as a client declares them. */
type Declared = Record<string, unknown>;

/** What one era of a scripted server answers: results by method; in the legacy era also `capabilities`, to add. */
export type EraScript = (capabilities: Declared) => Record<string, unknown>;

/** What each era answers; an era that is missing is not spoken. */
export interface DualScript {
  modern?: EraScript;
  legacy?: EraScript;
  /** Answers before anything else does; returns whether it did. */
  before?: (exchange: ScriptedExchange, era: 'modern' | 'legacy') => boolean;
}

const CACHING = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' };
const CAPABILITIES = { tools: {}, resources: {}, prompts: {}, logging: {} };
const EMPTY = {
  'tools/list': { tools: [] },
  'resources/list': { resources: [] },
  'resources/templates/list': { resourceTemplates: [] },
  'prompts/list': { prompts: [] },
};

/**
 * A small server of both eras, from which a test departs. Its legacy sessions remember what their clients declared: that
 * is their id.
 */
export function dualScript({ modern, legacy, before }: DualScript): UpstreamScript {
  return (exchange) => {
    const meta = exchange.message.params?.['_meta'] as Declared | undefined;
    const declared = meta?.[META.clientCapabilities] as Declared | undefined;
    if (before?.(exchange, declared ? 'modern' : 'legacy')) return;
    if (declared) return answerModern(modern, declared, exchange);
    if (!legacy) return exchange.replyError(400, { code: -32022, message: 'no', data: { supported: ['2026-07-28'] } });
    return answerLegacy(legacy, exchange);
  };
}

function answerModern(modern: EraScript | undefined, declared: Declared, exchange: ScriptedExchange): void {
  const { method = '' } = exchange.message;
  if (!modern) return exchange.replyError(404, { code: -32601, message: 'Method not found' });
  const discovered = {
    supportedVersions: ['2026-07-28'],
    capabilities: CAPABILITIES,
    _meta: { [META.serverInfo]: { name: 'dual', version: '1' } },
  };
  const results: Record<string, unknown> = { ...EMPTY, 'server/discover': discovered, ...modern(declared) };
  if (!(method in results)) return exchange.replyError(404, { code: -32601, message: 'Method not found' });
  exchange.reply({ ...CACHING, ...(results[method] as object) });
}

function answerLegacy(legacy: EraScript, exchange: ScriptedExchange): void | Promise<void> {
  const { message, request } = exchange;
  const isInitialize = message.method === 'initialize';
  const declared = isInitialize ? (message.params?.['capabilities'] as Declared) : declaredIn(request.headers);
  if (!declared) return exchange.replyError(400, { code: -32000, message: 'Bad Request: Server not initialized' });
  const { capabilities, ...own } = legacy(declared);
  const script = { capabilities: { ...CAPABILITIES, ...(capabilities as object) }, sessionId: sessionIdOf(declared) };
  return legacyScript({ ...script, results: { ...EMPTY, ...own } })(exchange);
}

function sessionIdOf(declared: Declared): string {
  return Buffer.from(JSON.stringify(declared)).toString('base64url');
}

function declaredIn({ 'mcp-session-id': id }: ScriptedExchange['request']['headers']): Declared | undefined {
  return typeof id === 'string' ? JSON.parse(Buffer.from(id, 'base64url').toString()) : undefined;
}
