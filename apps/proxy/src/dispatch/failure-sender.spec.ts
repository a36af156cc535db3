import { admittedRequest } from '@test/support/proxy/mcp-request.js';
import { createLogger, LetheError } from '@lethe/platform';
import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { McpHttpServer } from '../http/mcp-http-server.js';
import type { McpRequest } from '../request/mcp-request.js';
import { RefusedRequests } from '../auth/refused-requests.js';
import { FailureSender } from './failure-sender.js';

/** The status and log lines of one request that fails with this error. */
async function logOf(thrown: Error, request?: McpRequest): Promise<{ status: number; lines: string[] }> {
  const lines: string[] = [];
  const logger = createLogger('proxy', 'trace', { write: (line) => void lines.push(line) });
  const failures = new FailureSender(
    logger,
    new RefusedRequests({ record: () => undefined, addressOf: () => '192.0.2.1' }),
  );
  const server = new McpHttpServer();
  const app = fastify({ serverFactory: server.serverFactory });
  server.serve((_incoming, response, _slug, ended) => {
    failures.send(response, request, thrown);
    ended();
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const { status } = await fetch(`${url}/servers/s/mcp`, { method: 'DELETE' });
  await app.close();
  return { status, lines };
}

describe('a failure on the MCP endpoint', () => {
  it('is logged when it was not expected and there is no decoded message, without its text', async () => {
    const { status, lines } = await logOf(new TypeError('CANARY'));
    expect(status).toBe(500);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'error', err: { name: 'TypeError' } });
    expect(lines.join()).not.toContain('CANARY');
  });

  it('is not logged here when the client can read it, nor when it is in the call log', async () => {
    expect((await logOf(new LetheError('caller_unknown'))).lines).toEqual([]);
    const logged = admittedRequest();
    logged.startedAt = 1;
    expect((await logOf(new LetheError('internal'), logged)).lines).toEqual([]);
  });
});
