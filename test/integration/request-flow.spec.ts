import { readFileSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { Session } from 'node:inspector/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { servedBy } from '../support/calls.js';
import { eventually } from '../support/eventually.js';
import { type Proxies, startProxies } from '../support/proxies.js';
import { tool } from '../support/published-routes.js';
import { startScriptedUpstream, type Upstream } from '../support/upstreams/index.js';

const PAGE = fileURLToPath(new URL('../../docs/how-a-request-flows.md', import.meta.url));
const SOURCES = '/apps/proxy/src/';
const MAX_FILES = 29;
const MAX_ENTRIES_FROM_ABOVE = 2;
const BODY = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', arguments: {} } });
const RESULT = JSON.stringify({ jsonrpc: '2.0', id: 1, result: { content: [] } });

/** What one phase of the page lists: the files of its steps, in their order, and those of values that the steps read. */
interface Phase {
  steps: string[];
  values: string[];
}

function listedPhases(): Phase[] {
  const [, ...sections] = readFileSync(PAGE, 'utf8').split(/^## /m);
  const filesIn = (text: string, form: RegExp): string[] => [...text.matchAll(form)].map(([, file = '']) => file);
  return sections
    .filter((section) => section.startsWith('Phase '))
    .map((section) => ({
      steps: filesIn(section, /^\d+\. `([\w/.-]+\.ts)`/gm),
      values: filesIn(/^Values read: .*/m.exec(section)?.[0] ?? '', /`([\w/.-]+\.ts)`/g),
    }));
}

/** Which files of the proxy run between two looks. V8 counts the calls of each function. */
class Coverage {
  private readonly session = new Session();
  private files = new Set<string>();

  async start(): Promise<void> {
    this.session.connect();
    await this.session.post('Profiler.enable');
    await this.session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    await this.take();
  }

  /** Files with a function that ran since the last `take`. */
  async take(): Promise<Set<string>> {
    await this.look();
    const { files } = this;
    this.files = new Set();
    return files;
  }

  async look(): Promise<Set<string>> {
    const { result } = await this.session.post('Profiler.takePreciseCoverage');
    for (const { url, functions } of result) {
      const at = url.indexOf(SOURCES);
      const ran = functions.some(({ functionName, ranges }) => functionName !== '' && (ranges[0]?.count ?? 0) > 0);
      if (at !== -1 && ran) this.files.add(url.slice(at + SOURCES.length));
    }
    return this.files;
  }

  stop(): void {
    this.session.disconnect();
  }
}

describe('a tools/call with a key, from a legacy client to a legacy upstream', () => {
  let proxies: Proxies;
  let upstream: Upstream;
  const coverage = new Coverage();
  /** Called when the upstream has the request, before it responds. */
  let atUpstream = async (): Promise<void> => undefined;
  let send: () => { call: ClientRequest; response: Promise<IncomingMessage> };

  beforeAll(async () => {
    proxies = await startProxies(1);
    upstream = await startScriptedUpstream(async ({ response }) => {
      await atUpstream();
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': RESULT.length }).end(RESULT);
    });
    const gateways = [{ slug: 'up', url: upstream.url, items: [tool('echo')] }];
    const { id } = await proxies.routes.publish({ slug: 'flow', access: 'key', gateways });
    const key = await proxies.routes.key([id]);
    await servedBy(proxies.url, 'flow', key);
    send = () => {
      const call = httpRequest(`${proxies.replicas[0]?.url}/servers/flow/mcp`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
          'content-length': BODY.length,
          accept: 'application/json, text/event-stream',
          connection: 'keep-alive',
        },
      });
      return { call, response: new Promise((resolve, reject) => call.on('response', resolve).on('error', reject)) };
    };
    // What is done once, such as verifying the key, is done.
    for (let warm = 0; warm < 3; warm++) {
      const { call, response } = send();
      call.end(BODY);
      expect(await text(await response)).toBe(RESULT);
    }
  });
  afterAll(async () => {
    coverage.stop();
    await upstream.close();
    await proxies.close();
  });

  /** The files of one call, phase by phase. */
  async function measured(): Promise<Set<string>[]> {
    await coverage.take();
    const { call, response } = send();
    call.flushHeaders();
    await eventually(async () => expect([...(await coverage.look())]).toContain('http/request/request-body.ts'));
    const phases = [await coverage.take()];
    atUpstream = async () => void phases.push(await coverage.take());
    call.end(BODY);
    expect(await text(await response)).toBe(RESULT);
    phases.push(await coverage.take());
    return phases;
  }

  it('passes the files that the page lists, phase by phase, and no others', async () => {
    verifies('docs.request-flow');
    await coverage.start();
    // A timer of the proxy may run during one call, but not during all of them.
    const calls = [await measured(), await measured(), await measured()];
    const inAll = (phase: number): string[] =>
      [...(calls[0]?.[phase] ?? [])].filter((file) => calls.every((phases) => phases[phase]?.has(file))).toSorted();
    expect([inAll(0), inAll(1), inAll(2)]).toEqual(
      listedPhases().map(({ steps, values }) => [...steps, ...values].toSorted()),
    );
  });

  it(`passes at most ${MAX_FILES} files, and enters no room from above more than twice`, () => {
    verifies('docs.request-flow');
    const phases = listedPhases();
    const steps = phases.flatMap((phase) => phase.steps);
    const files = [...steps, ...phases.flatMap(({ values }) => values)];
    expect(new Set(files).size).toBeLessThanOrEqual(MAX_FILES);
    const rules: { FLOORS: Record<string, string[][]> } = createRequire(import.meta.url)(
      '../../.dependency-cruiser.cjs',
    );
    const floorOf = (room: string): number => {
      const floor = rules.FLOORS['proxy']?.findIndex((level) => level.includes(room)) ?? -1;
      if (floor < 0) throw new Error(`${room} has no floor`);
      return floor;
    };
    const rooms = steps.map((file) => dirname(file));
    const entered = rooms.filter((room, at) => at > 0 && floorOf(rooms[at - 1] ?? '') < floorOf(room));
    const counts = new Map([...new Set(entered)].map((room) => [room, entered.filter((each) => each === room).length]));
    expect([...counts].filter(([, count]) => count > MAX_ENTRIES_FROM_ABOVE)).toEqual([]);
  });
});
