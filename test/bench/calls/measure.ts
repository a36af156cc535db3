import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { GATEWAY } from './servers.js';
import { type Generator, writeRequest } from './load.js';
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

const UPSTREAM_TOKEN = 'Bearer upstream-token-3f0c2a9b7d51';

interface Sendable {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly file: string;
}

/** A row made ready for its relay. */
export class Measurement {
  private constructor(
    readonly row: Row,
    private readonly scene: Scene,
    private readonly requests: readonly Sendable[],
  ) {}

  static async prepare(row: Row, scene: Scene): Promise<Measurement> {
    const relay = scene.relays[row.relay];
    const url = new URL(row.path, relay.url);
    const headers = { ...clientHeaders(), ...credentials(row, scene) };
    const requests = row.messages.map(({ headers: own, body }, n) => ({
      ...{ url, body, headers: { ...headers, ...own } },
      file: join(scene.home, `${row.name}-${n}.http`),
    }));
    for (const { file, ...request } of requests) await writeRequest(file, request.url, request.headers, request.body);
    return new Measurement(row, scene, requests);
  }

  /** @throws Error when an answer is not what it must be, inside or outside the load */
  async take(generator: Generator, connections: number, seconds: number): Promise<Sample> {
    await this.check();
    const { upstream, relays } = this.scene;
    const { child, url } = relays[this.row.relay];
    const countBefore = await upstream.ask<number>('count');
    const cpuBefore = await child.ask<number>('cpu');
    const load = await generator.load({ url, connections, seconds, files: this.requests.map(({ file }) => file) });
    const cpuMicros = (await child.ask<number>('cpu')) - cpuBefore;
    const count = (await upstream.ask<number>('count')) - countBefore;
    if (load.failed > 0 || load.calls === 0) {
      throw new Error(`${this.row.name} at ${connections} connections: ${load.failed} of ${load.calls} calls failed`);
    }
    await this.scene.shipLogs();
    return {
      cpuMicros: cpuMicros / load.calls,
      callsPerSecond: load.calls / load.seconds,
      p50Ms: load.p50Ms,
      p99Ms: load.p99Ms,
      upstreamRequestsPerCall: count / load.calls,
    };
  }

  /** Each request once, its whole answer compared. */
  async check(): Promise<void> {
    for (const { url, headers, body } of this.requests) {
      const answer = await fetch(url, { method: 'POST', headers, body });
      const text = await answer.text();
      const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream');
      const json = isStream ? /^data: (.*)$/m.exec(text)?.[1] : text;
      if (answer.status !== 200 || !isAnswer(json, this.row.expected)) {
        throw new Error(`${this.row.name}: not the answer that was expected: ${answer.status} ${text.slice(0, 500)}`);
      }
    }
  }
}

function isAnswer(json: string | undefined, expected: object): boolean {
  const { id, result }: { id?: unknown; result?: Record<string, unknown> } = JSON.parse(json ?? '{}');
  return id === 1 && Object.entries(expected).every(([name, value]) => isDeepStrictEqual(result?.[name], value));
}

function clientHeaders(): Record<string, string> {
  return {
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    'user-agent': 'mcp-client/1.0.0',
  };
}

/** What the client brings: its own key and each gateway's credential to Lethe, the credential alone to the others. */
function credentials(row: Row, { key }: Scene): Record<string, string> {
  if (row.relay !== 'lethe') return { authorization: UPSTREAM_TOKEN };
  return { authorization: `Bearer ${key}`, [`x-upstream-${GATEWAY}-authorization`]: UPSTREAM_TOKEN };
}
