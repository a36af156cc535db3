import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { IncomingMessage, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { servedBy } from '../support/calls.js';
import { type Proxies, startProxies } from '../support/proxies.js';
import { legacy } from '../support/proxy/rpc.js';
import { tool } from '../support/published-routes.js';
import { startScriptedUpstream, type Upstream } from '../support/upstreams/index.js';
import { verifies } from '../requirements.js';

/** Node's channel: it tells of each response that node's server takes for finished. */
const FINISHED = 'http.server.response.finish';

/** What node's server has seen of a request to a virtual server. */
interface Seen {
  readonly isNodesRequest: boolean;
  /** Node's response wrote the head, not the queue of the fast path. */
  readonly isNodesHead: boolean;
}

describe('PROXY_FAST_HTTP', () => {
  let fast: Proxies;
  let upstream: Upstream;

  beforeAll(async () => {
    fast = await startProxies(1);
    upstream = await startScriptedUpstream(({ reply }) => reply({ content: [] }));
    const gateways = [{ slug: 'up', url: upstream.url, items: [tool('echo')] }];
    await fast.routes.publish({ slug: 'one', gateways });
  });
  afterAll(async () => {
    await Promise.all([fast?.close(), upstream?.close()]);
  });

  async function list(origin: string): Promise<{ seen: Seen[]; text: string; headers: Record<string, string> }> {
    await servedBy(origin, 'one', 'none');
    const seen: Seen[] = [];
    const note = (message: unknown): void => {
      const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
      if (request.headers.host !== new URL(origin).host) return;
      seen.push({ isNodesRequest: request.constructor === IncomingMessage, isNodesHead: response.headersSent });
    };
    subscribe(FINISHED, note);
    try {
      const { text, headers } = await legacy(`${origin}/servers/one/mcp`, 'tools/list');
      const { date, ...others } = Object.fromEntries(headers);
      expect(date).toMatch(/GMT$/);
      return { seen, text, headers: others };
    } finally {
      unsubscribe(FINISHED, note);
    }
  }

  it('off leaves every request and response to node, in a process where another proxy has it on; clients see no difference', async () => {
    verifies('answers.without-fast-path');
    const plain = await fast.start({ PROXY_FAST_HTTP: 'off' });
    try {
      const on = await list(fast.replicas[0]?.url ?? '');
      const off = await list(plain.url);
      expect(on.seen).toEqual([{ isNodesRequest: false, isNodesHead: false }]);
      expect(off.seen).toEqual([{ isNodesRequest: true, isNodesHead: true }]);
      expect([off.text, off.headers]).toEqual([on.text, on.headers]);
    } finally {
      await plain.close();
    }
  });
});
