import { expect } from 'vitest';
import { eventually } from '../eventually.js';
import type { Proxies } from '../proxies.js';
import { type GatewayDraft, type ServerDraft, tool } from '../published-routes.js';
import { startScriptedUpstream, type Upstream, type UpstreamScript } from '../upstreams/index.js';
import { legacy } from './rpc.js';

/** Virtual servers over scripted upstreams, on the proxies of one test. */
export class ScriptedServers {
  private readonly upstreams: Upstream[] = [];
  private count = 0;

  constructor(private readonly proxies: () => Proxies) {}

  async upstream(script: UpstreamScript): Promise<Upstream> {
    const upstream = await startScriptedUpstream(script);
    this.upstreams.push(upstream);
    return upstream;
  }

  /** One sessionful gateway for each upstream: `g0` with tool `t0`, and so on. Resolves when every replica serves it. */
  async serve(members: Upstream[], server: Partial<ServerDraft> = {}, gateway: Partial<GatewayDraft> = {}) {
    const slug = server.slug ?? `s${++this.count}`;
    const gateways = members.map(({ url }, n) => ({
      slug: `g${n}`,
      url,
      items: [tool(`t${n}`)],
      facts: { sessionful: true },
      ...gateway,
    }));
    const manifest = await this.proxies().routes.publish({ slug, gateways, ...server });
    const path = `/servers/${slug}/mcp`;
    for (const { url } of this.proxies().replicas) {
      await eventually(async () => expect((await fetch(url + path)).status).not.toBe(404));
    }
    return { url: this.proxies().url + path, path, manifest };
  }

  async close(): Promise<void> {
    await Promise.all(this.upstreams.splice(0).map((upstream) => upstream.close()));
  }
}

/** Initializes by hand; the headers that continue the session. */
export async function begin(url: string, headers: Record<string, string> = {}, capabilities: object = {}) {
  const params = { protocolVersion: '2025-11-25', capabilities, clientInfo: { name: 'c', version: '1' } };
  const answer = await legacy(url, 'initialize', params, headers);
  return { ...headers, 'mcp-session-id': answer.headers.get('mcp-session-id') ?? '' };
}
