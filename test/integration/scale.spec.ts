import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { BUCKETS } from '@lethe/contracts';
import { describe, expect, it, vi } from 'vitest';
import { ManifestVerifier } from '../../apps/proxy/src/routes/snapshot/manifest-verifier.js';
import { RouteTable } from '../../apps/proxy/src/routes/snapshot/route-table.js';
import { Fleet, gatewaysOf, toolName } from '../bench/scale/fleet.js';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { begin } from '../support/proxy/rpc.js';
import { testTrust } from '../support/trust.js';
import { legacyScript, type ScriptedExchange } from '../support/upstreams/index.js';

const KIB = 1024;
const MIB = 1024 * KIB;

/** What is in use, after what is not was collected. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

describe('virtual servers by the thousand', () => {
  const [GATEWAYS, TOOLS, SERVERS] = [100, 100, 1_000];
  /** A server exposes 550 names: a table of its own for them would take more. */
  const MOST_HEAP_PER_SERVER = 12 * KIB;
  const trust = testTrust();

  const sizeOf = (servers: number) => ({ servers, gateways: GATEWAYS, toolsPerGateway: TOOLS });

  async function bookOf(servers: number): Promise<RouteTable> {
    const book = new RouteTable(new ManifestVerifier(trust), { allowed: ['127.0.0.0/8'] });
    const fleet = await Fleet.of(sizeOf(servers), trust, 'http://127.0.0.1:9/mcp');
    for await (const [bucket, key, value] of fleet.entries()) {
      if (bucket === BUCKETS.blocks) book.applyBlock(key, value, 0);
      else await book.applyManifest(key, value);
    }
    return book;
  }

  /** A tool of each server's last gateway. */
  const namesOf = (servers: number): [string, string][] =>
    Array.from({ length: servers }, (_, n) => [
      `server-${n}`,
      toolName(gatewaysOf(n, sizeOf(servers)).at(-1) ?? 0, n % TOOLS),
    ]);

  /** The best of several passes: what else runs on the machine makes them longer, nothing makes them shorter. */
  function microsPerResolve(book: RouteTable, names: [string, string][]): number {
    const rounds = Math.ceil(20_000 / names.length);
    const passes = Array.from({ length: 10 }, () => {
      const begun = performance.now();
      for (let round = 0; round < rounds; round += 1) {
        for (const [slug, name] of names) book.server(slug)?.resolve('tool', name);
      }
      return ((performance.now() - begun) * 1_000) / (rounds * names.length);
    });
    return Math.min(...passes);
  }

  it('are not searched to resolve an item, and share what they have in common', async () => {
    verifies('scale.many-servers');
    const [few, many] = [await bookOf(10), await bookOf(SERVERS)];
    const names = namesOf(SERVERS);
    const useAll = (from: number) => {
      for (const [slug, name] of names.slice(from)) expect(many.server(slug)?.resolve('tool', name).exposed).toBe(name);
    };
    // Whoever comes first reads the catalogues of all gateways.
    useAll(SERVERS - GATEWAYS);
    const before = heapBytes();
    useAll(0);
    const perServer = (heapBytes() - before) / (SERVERS - GATEWAYS);
    expect(perServer).toBeLessThan(MOST_HEAP_PER_SERVER);
    // Caches of the processor make some of it; looking through the servers would make a hundred times and more of it.
    expect(microsPerResolve(many, names) / microsPerResolve(few, namesOf(10))).toBeLessThan(15);
  });

  it('that include the same gateways completely have no blocks of their own', async () => {
    verifies('scale.many-servers');
    // The catalogue of each gateway, and its names.
    expect((await bookOf(SERVERS)).blocks.size).toBe(2 * GATEWAYS);
  });

  it('have one signature each, and one more for each gateway', async () => {
    verifies('scale.many-servers');
    const verified = vi.spyOn(trust, 'verify');
    await bookOf(SERVERS);
    expect(verified).toHaveBeenCalledTimes(SERVERS + GATEWAYS);
    verified.mockRestore();
  });
});

describeProxies('many open streams, and slow readers', 1, ({ proxies, keep, serve, startUpstream }) => {
  /** A request by hand, on a connection of its own. */
  function send(url: string, method: string, headers: Record<string, string>, body = ''): Socket {
    const { hostname, port, pathname } = new URL(url);
    const socket = connect(Number(port), hostname).on('error', () => undefined);
    keep({ close: () => socket.destroy() });
    const common = { host: `${hostname}:${port}`, 'mcp-protocol-version': '2025-11-25', ...headers };
    const lines = Object.entries(common).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`${method} ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
    return socket;
  }

  it('cost a bounded memory each, at both ends together', async () => {
    verifies('scale.open-streams');
    const count = 200;
    const kept: ScriptedExchange['response'][] = [];
    const GET = ({ response }: ScriptedExchange) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      kept.push(response);
    };
    const member = await startUpstream(legacyScript({ sessionId: 'u', answers: { GET } }));
    const { url } = await serve([member]);
    const direct = new URL(url).pathname;
    const base = proxies.replicas[0]?.url ?? '';
    const open = async (): Promise<void> => {
      const session = await begin(base + direct);
      const socket = send(base + direct, 'GET', { ...session, accept: 'text/event-stream' });
      await once(socket, 'data');
    };
    for (let n = 0; n < 20; n += 1) await open();
    const before = heapBytes();
    for (let n = 0; n < count; n += 25) await Promise.all(Array.from({ length: 25 }, open));
    await eventually(() => expect(kept.length).toBe(count + 20));
    expect((heapBytes() - before) / count).toBeLessThan(160 * KIB);
  });

  it.each([
    [
      'events',
      'text/event-stream',
      'data: {"jsonrpc":"2.0","method":"notifications/message","params":{"data":"',
      '"}}\n\n',
    ],
    ['json', 'application/json', '{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"', '"}]}}'],
  ])('hold the upstream back that sends %s', async (kind, type, head, tail) => {
    verifies('scale.slow-reader');
    const total = 96 * MIB;
    let sent = 0;
    const call = async ({ response }: ScriptedExchange): Promise<void> => {
      response.writeHead(200, { 'content-type': type });
      const piece = 'x'.repeat(64 * KIB);
      const gone = once(response, 'close');
      const text = kind === 'events' ? head + piece + tail : piece;
      if (kind === 'json') response.write(head);
      while (sent < total && !response.destroyed) {
        sent += text.length;
        if (!response.write(text)) await Promise.race([once(response, 'drain'), gone]);
      }
      response.end(tail);
    };
    const member = await startUpstream(legacyScript({ sessionId: 'u', answers: { 'tools/call': call } }));
    const { url } = await serve([member]);
    const body = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t0"}}';
    const headers = {
      ...(await begin(url)),
      ...{ accept: 'application/json, text/event-stream', 'content-type': 'application/json' },
      'content-length': String(body.length),
    };
    const address = (proxies.replicas[0]?.url ?? '') + new URL(url).pathname;
    send(address, 'POST', headers, body).pause();
    // Until no more is taken: what is on the way is in the system's own buffers.
    let before = -1;
    await eventually(async () => {
      const last = before;
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(sent).toBeGreaterThan(0);
      expect([last, sent]).toEqual([sent, sent]);
    });
    expect(sent).toBeLessThan(total / 2);
  });
});
