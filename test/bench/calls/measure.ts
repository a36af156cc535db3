import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Child } from './children.js';
import { type Generator, type Sendable, writeRequests } from '../load/load.js';
import { LEGACY_VERSION, legacyMessage, UPSTREAM_TOKEN } from './messages.js';
import type { Row } from './rows.js';
import type { Scene } from './scene.js';

/** What one row took in one round. */
export interface Sample {
  readonly cpuMicros: number;
  readonly callsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly upstreamRequestsPerCall: number;
}

export function meanOf(one: Sample, other: Sample): Sample {
  return {
    cpuMicros: (one.cpuMicros + other.cpuMicros) / 2,
    callsPerSecond: (one.callsPerSecond + other.callsPerSecond) / 2,
    p50Ms: (one.p50Ms + other.p50Ms) / 2,
    p99Ms: (one.p99Ms + other.p99Ms) / 2,
    upstreamRequestsPerCall: (one.upstreamRequestsPerCall + other.upstreamRequestsPerCall) / 2,
  };
}

const ANSWER_MS = 10_000;
const SETTLE_MS = 20;
const IDLE_MICROS = 3_000;
/** What every client of a benchmark sends. */
export const CLIENT_HEADERS = {
  accept: 'application/json, text/event-stream',
  'content-type': 'application/json',
  'user-agent': 'mcp-client/1.0.0',
  // As every client on fetch asks.
  'accept-encoding': 'gzip, deflate',
};

/** A row made ready for its relay. */
export class Measurement {
  private constructor(
    readonly row: Row,
    private readonly scene: Scene,
    private readonly requests: readonly Sendable[],
    private readonly file: string,
  ) {}

  static async prepare(row: Row, scene: Scene): Promise<Measurement> {
    const relay = scene.relay(row.relay);
    const url = new URL(row.path, relay.url);
    const known = { ...CLIENT_HEADERS, ...credentials(row, scene) };
    const headers = row.hasSession ? { ...known, ...(await beginSession(url, known)) } : known;
    const requests = row.messages.map(({ headers: own, body }) => ({ url, body, headers: { ...headers, ...own } }));
    const file = join(scene.home, `${row.name}.http`);
    await writeRequests(file, requests);
    return new Measurement(row, scene, requests, file);
  }

  /** @throws Error when an answer is not what it must be, inside or outside the load */
  async take(generator: Generator, connections: number, seconds: number): Promise<Sample> {
    await this.check();
    const { upstream } = this.scene;
    const { child, url } = this.scene.relay(this.row.relay);
    const countBefore = await upstream.ask<number>('count');
    const cpuBefore = await child.ask<number>('cpu');
    const load = await generator.load({ url, connections, seconds, file: this.file });
    const cpuMicros = (await settledCpu(child)) - cpuBefore;
    const count = (await upstream.ask<number>('count')) - countBefore;
    if (load.failed > 0 || load.calls === 0) {
      const what = load.failed > 0 ? `${load.failed} errors, ${load.calls} answers` : `no answer in ${seconds} s`;
      throw new Error(`${this.row.name} at ${connections} connections: ${what}`);
    }
    await this.scene.shipLogs();
    // Each connection had one more call under way when the load ended; the relay carried it out all the same.
    const carriedOut = load.calls + connections;
    return {
      cpuMicros: cpuMicros / carriedOut,
      callsPerSecond: load.calls / load.seconds,
      p50Ms: load.p50Ms,
      p99Ms: load.p99Ms,
      upstreamRequestsPerCall: count / carriedOut,
    };
  }

  /** Each request once, its whole answer compared. */
  async check(): Promise<void> {
    for (const { url, headers, body } of this.requests) {
      const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(ANSWER_MS) });
      const text = await answer.text();
      const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream');
      const json = isStream ? /^data: (.*)$/m.exec(text)?.[1] : text;
      if (answer.status !== 200 || !isAnswer(json, this.row.expected)) {
        throw new Error(`${this.row.name}: not the answer that was expected: ${answer.status} ${text.slice(0, 500)}`);
      }
    }
  }
}

/** CPU time of a process once it has nothing left to do. */
async function settledCpu(child: Child): Promise<number> {
  let before = await child.ask<number>('cpu');
  for (;;) {
    await setTimeout(SETTLE_MS);
    const now = await child.ask<number>('cpu');
    if (now - before < IDLE_MICROS) return now;
    before = now;
  }
}

/** Whether a response to a request with id 1 has these members in its result. */
export function isAnswer(json: string | undefined, expected: object): boolean {
  const { id, result }: { id?: unknown; result?: Record<string, unknown> } = JSON.parse(json ?? '{}');
  return id === 1 && Object.entries(expected).every(([name, value]) => isDeepStrictEqual(result?.[name], value));
}

/** What the client brings: its own key and each gateway's credential to Lethe, the credential alone to the others. */
function credentials({ relay, gateways }: Row, scene: Scene): Record<string, string> {
  const { key } = scene.relay(relay);
  if (key === undefined) return { authorization: UPSTREAM_TOKEN };
  const lent = gateways.map((gateway) => [`x-upstream-${gateway}-authorization`, UPSTREAM_TOKEN]);
  return { authorization: `Bearer ${key}`, ...Object.fromEntries(lent) };
}

async function beginSession(url: URL, known: Record<string, string>): Promise<Record<string, string>> {
  const clientInfo = { name: 'bench', version: '1.0.0' };
  const message = legacyMessage('initialize', { protocolVersion: LEGACY_VERSION, capabilities: {}, clientInfo });
  const answer = await fetch(url, { method: 'POST', headers: { ...known, ...message.headers }, body: message.body });
  await answer.text();
  const session = answer.headers.get('mcp-session-id');
  if (session === null) throw new Error(`no session was begun: ${answer.status}`);
  return { 'mcp-session-id': session };
}
