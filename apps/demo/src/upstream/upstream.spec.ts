import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asClient, callTool, rejectionOf } from '../clients/calls.js';
import { createUpstream } from './http-front.js';
import { TokenNames } from './token-names.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('the demo upstream', () => {
  let server: Server;
  let origin: string;

  beforeEach(async () => {
    server = createUpstream(new TokenNames(`registration:${sha256('one')},caller:${sha256('two')}`));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('lets a client with a known token list and call, and knows whose token it is', async () => {
    await asClient(`${origin}/mcp`, { authorization: 'Bearer two' }, async (client) => {
      expect((await client.listTools()).tools.map((tool) => tool.name)).toEqual(['add', 'which_token']);
      expect(await callTool(client, 'add', { a: 2, b: 3 })).toContain('2 + 3 = 5');
      expect(await callTool(client, 'which_token', {})).toContain('the caller token');
    });
  });

  it('answers 401 with a challenge to no token, an unknown one and one that is not a bearer token', async () => {
    for (const authorization of [undefined, 'Bearer three', 'Basic one', 'one']) {
      const headers = authorization === undefined ? {} : { authorization };
      const response = await fetch(`${origin}/mcp`, { method: 'POST', headers });
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="demo"']);
    }
  });

  it('serves health to everybody and nothing else', async () => {
    expect((await fetch(`${origin}/readyz`)).status).toBe(200);
    expect((await fetch(`${origin}/other`)).status).toBe(404);
    expect((await fetch(`${origin}/mcp`, { headers: { authorization: 'Bearer one' } })).status).toBe(405);
  });

  it('refuses to start with a list of hashes that is not one, without quoting it', () => {
    expect(() => new TokenNames('a-token-in-clear')).toThrow('DEMO_TOKEN_SHA256: must be name:sha256hex, …');
  });

  it('is a failure of the demo when a call that must be refused is not', async () => {
    await expect(rejectionOf(Promise.resolve('done'))).rejects.toThrow('was not rejected');
  });
});
