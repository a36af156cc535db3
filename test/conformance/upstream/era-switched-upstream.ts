import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  localhostHostValidation,
  localhostOriginValidation,
  toNodeHandler,
  toWebRequest,
} from '@modelcontextprotocol/node';
import { createMcpHandler, isLegacyRequest, type McpServer } from '@modelcontextprotocol/server';
import { listenOnLoopback } from '../../support/upstreams/loopback-server.js';
import { bodyOf } from '../../support/upstreams/pass-on.js';
import { record, type RecordedRequest, type Upstream } from '../../support/upstreams/recorded-request.js';
import type { Announcer } from './announcer.js';
import { LegacySessions } from './legacy-sessions.js';
import { answerError } from './rpc-error.js';

/** Which eras one endpoint speaks. */
export type Eras = 'both' | 'modern' | 'legacy';

export type ServerMaker = (announcer: Announcer) => McpServer;

/** A server on the official packages that speaks the given eras on one endpoint: stateless modern, sessionful legacy. */
export async function startEraSwitched(eras: Eras, makeServer: ServerMaker): Promise<Upstream> {
  const received: RecordedRequest[] = [];
  const modern = createMcpHandler(() => makeServer(announcer), { legacy: 'reject', keepAliveMs: 0 });
  const legacy = new LegacySessions(() => makeServer(announcer));
  const announcer = both(legacy, modern.notify);
  const serveModern = toNodeHandler(modern);
  const mayEnter = [localhostHostValidation(), localhostOriginValidation()];
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!mayEnter.every((admits) => admits(request, response))) return;
    const body = await jsonBody(request);
    if (body === NOT_JSON) return answerError(response, 400, { code: -32700, message: 'Parse error' });
    const isLegacy =
      eras === 'both' ? await isLegacyRequest(await toWebRequest(request, body ?? {}), body) : eras === 'legacy';
    await (isLegacy ? legacy.serve(request, response, body) : serveModern(request, response, body));
  };
  const { origin, close } = await listenOnLoopback((request, response) => {
    received.push(record(request));
    serve(request, response).catch(() => response.destroy());
  });
  return {
    url: `${origin}/mcp`,
    received,
    close: async () => {
      await Promise.all([modern.close(), legacy.close()]);
      await close();
    },
  };
}

function both(...announcers: Announcer[]): Announcer {
  return {
    toolsChanged: () => announcers.forEach((each) => each.toolsChanged()),
    promptsChanged: () => announcers.forEach((each) => each.promptsChanged()),
    resourceUpdated: (uri) => announcers.forEach((each) => each.resourceUpdated(uri)),
  };
}

const NOT_JSON = Symbol('not JSON');

async function jsonBody(request: IncomingMessage): Promise<unknown> {
  if (request.method !== 'POST') return undefined;
  const body = await bodyOf(request);
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return NOT_JSON;
  }
}
