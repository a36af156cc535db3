import { isObject } from '@lethe/mcp';
import type { ScriptedExchange, UpstreamScript } from '../scripted-upstream.js';
import { LegacySide } from './legacy-side.js';
import { serveModern } from './modern-side.js';
import { isRefusal, type RealServer, type Refusal } from './real-server.js';
import { refuse } from './refuse.js';

const VERSION = 'io.modelcontextprotocol/protocolVersion';

/** A fixture that answers as the real server does that its row stands for. */
export interface RealServerScript {
  script: UpstreamScript;
  /** Ends every session without telling anybody, as a restart of the server does. */
  forgetSessions(): void;
}

export function realServerScript(server: RealServer): RealServerScript {
  const { legacy, modern } = server;
  const legacySide = isRefusal(legacy) ? undefined : new LegacySide(server, legacy);
  const script: UpstreamScript = (exchange) => {
    const { request } = exchange;
    if (request.method !== 'POST' && request.headers['mcp-session-id'] === undefined) {
      return serveOutsideSession(server, exchange);
    }
    if (isModern(exchange)) {
      return isRefusal(modern) ? refuseModern(server, modern, exchange) : serveModern(server, modern, exchange);
    }
    if (isRefusal(legacy)) return refuse(exchange, legacy);
    legacySide?.serve(exchange);
  };
  return { script, forgetSessions: () => legacySide?.forgetSessions() };
}

function refuseModern(server: RealServer, refusal: Refusal, exchange: ScriptedExchange): void {
  const { discovers } = refusal;
  if (discovers === undefined || exchange.message.method !== 'server/discover') return refuse(exchange, refusal);
  const capabilities = isRefusal(server.legacy) ? {} : server.legacy.capabilities;
  exchange.reply({ resultType: 'complete', supportedVersions: discovers, capabilities });
}

function isModern({ message }: ScriptedExchange): boolean {
  const meta = message.params?.['_meta'];
  return isObject(meta) && VERSION in meta;
}

function serveOutsideSession({ get, delete: ended }: RealServer, exchange: ScriptedExchange): void {
  if (exchange.request.method !== 'GET') return refuse(exchange, ended);
  if (get !== 'stream') return refuse(exchange, get);
  exchange.response.writeHead(200, { 'content-type': 'text/event-stream' });
  exchange.response.flushHeaders();
}
