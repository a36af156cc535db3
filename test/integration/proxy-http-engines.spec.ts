import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { IncomingMessage, type ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { servedBy } from '../support/calls.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { legacy } from '../support/proxy/rpc.js';
import { verifies } from '../requirements.js';

/** Node's channel: it reports each response that node's server treats as finished. */
const FINISHED = 'http.server.response.finish';

/** What node's server has seen of a request to a virtual server. */
interface Seen {
  readonly isNodesRequest: boolean;
  /** Node's response wrote the head, not the queue of the fast path. */
  readonly isNodesHead: boolean;
}

describeProxies('PROXY_FAST_HTTP', 1, ({ proxies, keep, serveOne }) => {
  async function list(origin: string): Promise<{ seen: Seen[]; text: string; headers: Record<string, string> }> {
    await servedBy(origin, 'one');
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

  it('off leaves every request and response to node, beside a proxy that has it on; clients see no difference', async () => {
    verifies('responses.without-fast-path');
    await serveOne(({ reply }) => reply({ content: [] }), {}, { slug: 'one' });
    const plain = keep(await proxies.start({ PROXY_FAST_HTTP: 'off' }));
    const on = await list(proxies.replicas[0]?.url ?? '');
    const off = await list(plain.url);
    expect(on.seen).toEqual([{ isNodesRequest: false, isNodesHead: false }]);
    expect(off.seen).toEqual([{ isNodesRequest: true, isNodesHead: true }]);
    expect([off.text, off.headers]).toEqual([on.text, on.headers]);
  });
});
