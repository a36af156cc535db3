import type { Era } from '@lethe/contracts';
import type { OddResponse } from './odd-responses.js';
import type { UpstreamScript } from './scripted-upstream.js';

const MODERN = {
  resultType: 'complete',
  _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'odd', version: '1' } },
};
const CACHEABLE = { ttlMs: 0, cacheScope: 'private' };
const CAPABILITIES = { tools: {} };

/** The results of a server with one tool, `t0`, in one era. */
const RESULTS: Readonly<Record<Era, Readonly<Record<string, object>>>> = {
  legacy: {
    initialize: {
      protocolVersion: '2025-11-25',
      capabilities: CAPABILITIES,
      serverInfo: { name: 'odd', version: '1' },
    },
    'tools/list': { tools: [{ name: 't0', inputSchema: { type: 'object' } }] },
    'tools/call': { content: [{ type: 'text', text: 'done' }] },
  },
  modern: {
    'server/discover': { supportedVersions: ['2026-07-28'], capabilities: CAPABILITIES, ...CACHEABLE, ...MODERN },
    'tools/list': { tools: [{ name: 't0', inputSchema: { type: 'object' } }], ...CACHEABLE, ...MODERN },
    'tools/call': { content: [{ type: 'text', text: 'done' }], ...MODERN },
  },
};

/** A small server of one era that answers every request, or only some methods, in one odd way. */
export function oddScript(
  era: Era,
  odd: OddResponse,
  { sessionId, methods }: { sessionId?: string; methods?: readonly string[] } = {},
): UpstreamScript {
  return ({ message: { id, method = '' }, request, response, reply, replyError }) => {
    if (request.method !== 'POST') return void response.writeHead(request.method === 'GET' ? 405 : 200).end();
    if (id === undefined) return void response.writeHead(202).end();
    const result = RESULTS[era][method];
    if (!result) return replyError(400, { code: -32601, message: 'Method not found' });
    if (sessionId !== undefined && method === 'initialize') response.setHeader('mcp-session-id', sessionId);
    if (methods && !methods.includes(method)) return reply(result);
    odd.send(response, JSON.stringify({ jsonrpc: '2.0', id, result }));
  };
}
