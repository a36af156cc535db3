import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterEach, describe, expect, it } from 'vitest';
import { startEverythingUpstream, startModernUpstream, type Upstream } from '../support/upstreams/index.js';

const running: Upstream[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((upstream) => upstream.close()));
});

const bearer = (token: string): { requestInit: RequestInit } => ({
  requestInit: { headers: { authorization: `Bearer ${token}` } },
});

describe('the upstream fixtures', () => {
  it('run the reference server in the legacy era behind a token, and record what they receive', async () => {
    const upstream = await startEverythingUpstream({ token: 'right-token' });
    running.push(upstream);
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(new URL(upstream.url), bearer('right-token')));
    expect((await client.listTools()).tools.map((tool) => tool.name)).toContain('echo');
    await client.close();
    expect(upstream.received.every(({ headers }) => headers.authorization === 'Bearer right-token')).toBe(true);
    const refused = await fetch(upstream.url, { method: 'POST', body: '{}' });
    expect(refused.status).toBe(401);
    expect(upstream.received.at(-1)?.headers.authorization).toBeUndefined();
  });

  it('run a server of the modern era with every kind of item', async () => {
    const upstream = await startModernUpstream({ token: ['one', 'two'], name: 'alpha' });
    running.push(upstream);
    const client = new ModernClient({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } });
    await client.connect(new ModernTransport(new URL(upstream.url), bearer('two')));
    expect(client.getProtocolEra()).toBe('modern');
    const result = await client.callTool({ name: 'echo', arguments: { text: 'hi' } });
    expect(result.content).toEqual([{ type: 'text', text: 'alpha: hi' }]);
    expect((await client.listResources()).resources).toHaveLength(2);
    expect((await client.listResourceTemplates()).resourceTemplates).toHaveLength(1);
    expect((await client.listPrompts()).prompts).toHaveLength(1);
    expect((await client.readResource({ uri: 'alpha://pixel' })).contents[0]).toHaveProperty('blob');
    await client.close();
  });
});
