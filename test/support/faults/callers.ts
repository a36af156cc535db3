import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Agent, fetch } from 'undici';
import { begin, modernRequest, postRequest } from '../proxy/rpc.js';
import type { Echo, EchoUpstream } from './echo-upstreams.js';
import type { Violations } from './violations.js';

/** Longer than any call needs that is not lost. */
const TIMEOUT_MS = 15_000;

/** What became of calls. */
export interface Tally {
  answered: number;
  /** Not answered, though every proxy was there. */
  failed: number;
  /** The connection broke, or nothing came: what happens to calls of a proxy that is killed or stopped. */
  cut: number;
  reasons: Map<string, number>;
}

export const emptyTally = (): Tally => ({ answered: 0, failed: 0, cut: 0, reasons: new Map() });

/** Where calls go, and what counts them now. */
export interface LoadTarget {
  /** The proxies that may be called, each with its URL. */
  proxyUrls(): readonly string[];
  tally(): Tally;
  path: string;
  /** What a caller waits between two calls. */
  paceMs: number;
}

interface CallerParts {
  name: string;
  era: 'legacy' | 'modern';
  key: string;
  upstreams: readonly EchoUpstream[];
  violations: Violations;
}

/** A client with credentials of its own that calls one upstream after another, each time at another proxy. */
export class Caller {
  private readonly agent = new Agent({ connections: 2, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS });
  private readonly credentials: Map<string, string>;
  private session: Record<string, string> | undefined;
  private turn = 0;

  constructor(
    private readonly target: LoadTarget,
    private readonly parts: CallerParts,
  ) {
    this.credentials = new Map(parts.upstreams.map(({ name, credential }) => [name, credential(parts.name)]));
  }

  /** Calls until `isOver`. */
  async run(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      await this.callOnce();
      if (this.target.paceMs > 0) await pause(this.target.paceMs);
    }
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }

  private async callOnce(): Promise<void> {
    const { upstreams } = this.parts;
    const turn = this.turn++;
    const proxies = this.target.proxyUrls();
    const upstream = upstreams[turn % upstreams.length]!;
    const url = `${proxies[Math.floor(turn / upstreams.length) % proxies.length]}${this.target.path}`;
    const tally = this.target.tally();
    const nonce = randomUUID();
    try {
      const { status, text } = await this.send(url, upstream.tool, nonce);
      // A session ends with the trust or the time; the client begins another one, as the specification says.
      if (status === 404 && this.session) this.session = undefined;
      this.judge(tally, upstream, nonce, status, text);
    } catch (error) {
      tally.cut += 1;
      count(tally, codeOf(error));
    }
  }

  private async send(url: string, tool: string, nonce: string): Promise<{ status: number; text: string }> {
    const own = this.headers();
    const params = { name: tool, arguments: { nonce } };
    if (this.parts.era === 'legacy') {
      this.session ??= await begin(url, own);
      if (this.session['mcp-session-id'] === '') this.session = undefined;
    }
    const body = { jsonrpc: '2.0', id: nonce, method: 'tools/call', params };
    const init =
      this.parts.era === 'modern'
        ? modernRequest('tools/call', params, own, nonce)
        : postRequest(body, { 'mcp-protocol-version': '2025-11-25', ...this.session });
    const answer = await fetch(url, { ...init, dispatcher: this.agent });
    return { status: answer.status, text: await answer.text() };
  }

  private headers(): Record<string, string> {
    const credentials = [...this.credentials].map(([name, value]) => [
      `x-upstream-${name}-authorization`,
      `Bearer ${value}`,
    ]);
    return { authorization: `Bearer ${this.parts.key}`, ...Object.fromEntries(credentials) };
  }

  private judge(tally: Tally, { name }: EchoUpstream, nonce: string, status: number, text: string): void {
    const echo = echoIn(text);
    if (!echo) {
      tally.failed += 1;
      return count(tally, `${status} ${/"reason":"(\w+)"/.exec(text)?.[1] ?? text.slice(0, 200)}`);
    }
    tally.answered += 1;
    const isOwn = echo.upstream === name && echo.nonce === nonce && echo.credential === this.credentials.get(name);
    if (!isOwn) this.parts.violations.add('answer to the wrong caller', `${this.parts.name} at ${name}`);
  }
}

function count({ reasons }: Tally, reason: string): void {
  reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
}

/** The echo in a JSON or event stream answer. */
function echoIn(text: string): Echo | undefined {
  const [quoted] = /(?<="text":)"(?:[^"\\]|\\.)*"/.exec(text) ?? [];
  if (quoted === undefined) return undefined;
  try {
    return JSON.parse(JSON.parse(quoted) as string) as Echo;
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const cause = error.cause instanceof Error ? error.cause : error;
  return 'code' in cause ? String(cause.code) : cause.message;
}
