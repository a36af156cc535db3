import type { ScriptedExchange, UpstreamScript } from './scripted-upstream.js';

/** What a scripted legacy server offers, and the methods it answers in its own way. */
export interface LegacyScript {
  capabilities?: Record<string, unknown>;
  serverInfo?: Record<string, unknown>;
  instructions?: string;
  protocolVersion?: string;
  /** `Mcp-Session-Id` given at initialize. */
  sessionId?: string;
  /** Results by method, such as `tools/list`. */
  results?: Record<string, unknown>;
  /** Answers by JSON-RPC method, or by `GET` and `DELETE`, instead of the ordinary ones. */
  answers?: Record<string, UpstreamScript>;
}

/** A small well-behaved legacy server (2025-11-25), from which a test departs at one point. */
export function legacyScript(script: LegacyScript): UpstreamScript {
  return (exchange) => {
    const kind = exchange.message.method ?? exchange.request.method ?? '';
    const own = script.answers?.[kind];
    if (own !== undefined) return own(exchange);
    if (kind in (script.results ?? {})) return exchange.reply(script.results?.[kind]);
    return ordinary(script, kind, exchange);
  };
}

function ordinary(script: LegacyScript, kind: string, exchange: ScriptedExchange): void {
  if (kind === 'initialize') {
    const session: Record<string, string> =
      script.sessionId === undefined ? {} : { 'mcp-session-id': script.sessionId };
    return exchange.reply(initializeResult(script), session);
  }
  if (kind.startsWith('notifications/')) return void exchange.response.writeHead(202).end();
  if (kind === 'DELETE') return void exchange.response.writeHead(200).end();
  if (kind === 'GET') return void exchange.response.writeHead(405).end();
  if (kind === 'server/discover') {
    return exchange.replyError(400, { code: -32000, message: 'Bad Request: Server not initialized' });
  }
  return exchange.replyError(200, { code: -32601, message: 'Method not found' });
}

/** What `initialize` answers for this script. */
export function initializeResult(script: LegacyScript): Record<string, unknown> {
  return {
    protocolVersion: script.protocolVersion ?? '2025-11-25',
    capabilities: script.capabilities ?? { tools: {} },
    serverInfo: script.serverInfo ?? { name: 'scripted', version: '1.0.0' },
    ...(script.instructions === undefined ? {} : { instructions: script.instructions }),
  };
}
