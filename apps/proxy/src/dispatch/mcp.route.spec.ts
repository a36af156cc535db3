import { createLogger, LetheError, readSettings } from '@lethe/platform';
import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { HostOriginPolicy, hostOriginRules } from '../http/host-origin-policy.js';
import { InFlight } from '../http/mcp-http-server.js';
import { McpHttpServer } from '../http/mcp-http-server.js';
import { mcpRoute, type McpRouteParts } from './mcp.route.js';

/** The status and log lines of one request that fails with this error. */
async function logOf(thrown: Error, isInCallLog = false): Promise<{ status: number; lines: string[] }> {
  const lines: string[] = [];
  const logger = createLogger('proxy', 'trace', { write: (line) => void lines.push(line) });
  const server = new McpHttpServer();
  const app = fastify({ serverFactory: server.serverFactory });
  const policy = new HostOriginPolicy(hostOriginRules(readSettings({})));
  const dispatcher: McpRouteParts['dispatcher'] = {
    dispatch: (request, done) => {
      if (isInCallLog) request.startedAt = 1;
      done(thrown);
    },
  };
  server.serve(mcpRoute({ dispatcher, policy, inFlight: new InFlight(), logger }));
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const { status } = await fetch(`${url}/servers/s/mcp`, { method: 'DELETE' });
  await app.close();
  return { status, lines };
}

describe('the MCP route', () => {
  it('logs an unexpected failure before the message is decoded, without its text', async () => {
    const { status, lines } = await logOf(new TypeError('CANARY'));
    expect(status).toBe(500);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'error', err: { name: 'TypeError' } });
    expect(lines.join()).not.toContain('CANARY');
  });

  it('logs neither an error that the client can read nor an error that is in the call log', async () => {
    expect((await logOf(new LetheError('caller_unknown'))).lines).toEqual([]);
    expect((await logOf(new LetheError('internal'), true)).lines).toEqual([]);
  });
});
