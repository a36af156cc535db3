import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { steadyCalls } from './steady-calls.js';
import { Admin, type VerificationView } from './admin.js';
import { servedBy } from './calls.js';
import { eventually } from './eventually.js';
import { legacy } from './proxy/rpc.js';
import { startRoundRobin } from './round-robin.js';
import type { SeparateParts, Service, StartedService } from './separate.js';
import { legacyScript, type ScriptedExchange, startScriptedUpstream, type Upstream } from './upstreams/index.js';

type Parts = Pick<SeparateParts<unknown>, 'start' | 'home'>;
type Env = Partial<Record<Service, Record<string, string>>>;

const CREDENTIAL = { scheme: 'bearer', token: 'a-token-that-opens-nothing-at-all' } as const;
const TOOLS = ['echo', 'slow'].map((name) => ({ name, inputSchema: { type: 'object' } }));
/** How an attempt may end while a part is away. A registry that is not there refuses the connection. */
const MAY_END_IN = ['lost', 'expired', 'bus_unavailable', 'no_slot', 'slot_gone', 'too_many_slots', 'fetch failed'];

/** Longer than all bounds of the tests: who waits so long wants to know why. */
const VERIFIED_MS = 90_000;

/** Two registries, two connectors and two proxies, and a virtual server `steady` of one upstream. */
export class TwoOfEach {
  /** The codes with which verifications were refused, and the states in which attempts ended that did not succeed. */
  readonly refused: string[] = [];
  readonly services: Record<Service, StartedService[]> = { registry: [], connector: [], proxy: [] };
  /** Of a caller of `steady`. */
  headers: Record<string, string> = {};
  private named = 0;
  private token = '';

  private constructor(
    private readonly parts: Parts,
    private readonly env: Env,
    readonly upstream: Upstream,
    /** Calls of the tool `slow`, which are never answered, and cancellations. */
    readonly seen: { slow: number; cancelled: number },
  ) {}

  static async start(parts: Parts, env: Env = {}): Promise<TwoOfEach> {
    const seen = { slow: 0, cancelled: 0 };
    const answers = {
      'tools/call': (exchange: ScriptedExchange): void => {
        if (exchange.message.params?.['name'] === 'slow') seen.slow += 1;
        else exchange.reply({ content: [{ type: 'text', text: 'done' }] });
      },
      'notifications/cancelled': ({ response }: ScriptedExchange): void => {
        seen.cancelled += 1;
        response.writeHead(202).end();
      },
    };
    const script = legacyScript({ sessionId: 'a-session', results: { 'tools/list': { tools: TOOLS } }, answers });
    const upstream = await startScriptedUpstream(script);
    const two = new TwoOfEach(parts, env, upstream, seen);
    await two.add('registry');
    await Promise.all((['registry', 'connector', 'connector', 'proxy', 'proxy'] as const).map((app) => two.add(app)));
    await two.open();
    return two;
  }

  /** Starts one more of a service. */
  async add(app: Service, name = `${app}-${++this.named}`): Promise<StartedService> {
    const started = await this.parts.start(app, name, { env: this.env[app] ?? {} });
    this.services[app].push(started);
    return started;
  }

  /** SIGKILL for the first of a service. The folder that it leaves has its name. */
  async kill(app: Service): Promise<string> {
    const gone = this.services[app].shift();
    await gone?.process.kill();
    return basename(gone?.home ?? '');
  }

  async stop(): Promise<void> {
    await this.upstream.close();
    await Promise.all(Object.values(this.services).flatMap((all) => all.map(({ process }) => process.stop())));
  }

  /** Of the registries that run. */
  get admins(): Admin[] {
    return this.services.registry.map(({ url }) => new Admin(url, this.token));
  }

  /** Of a virtual server at each proxy that runs. */
  endpoints(slug = 'steady'): string[] {
    return this.services.proxy.map(({ url }) => `${url}/servers/${slug}/mcp`);
  }

  /** What each proxy that runs answers to a call. */
  callEach(): Promise<string[]> {
    return Promise.all(this.endpoints().map((url) => this.call(url)));
  }

  /** The text of the result, or the message of the error. */
  async call(endpoint: string, name = 'echo', headers = this.headers): Promise<string> {
    const { body } = await legacy(endpoint, 'tools/call', { name, arguments: { text: 'x' } }, headers);
    return body.result?.content?.[0]?.text ?? body.error?.message ?? '';
  }

  /** Runs this while calls go through all proxies in turn, of which none fails. */
  async whileCalling(run: () => Promise<unknown>): Promise<void> {
    const balancer = await startRoundRobin(this.services.proxy.map(({ url }) => url));
    const calls = steadyCalls(`${balancer.url}/servers/steady/mcp`, 'echo', this.headers);
    const outcome = await run().then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    const { failures, latenciesMs } = await calls.stop();
    await balancer.close();
    if (outcome) throw outcome.error;
    expect(failures).toBe(0);
    expect(latenciesMs.length).toBeGreaterThan(10);
  }

  /** Verifies a gateway, an own one for each attempt unless given, until an attempt succeeds. */
  async verify(gateway?: string): Promise<void> {
    const name = `another-${++this.named}`;
    const end = Date.now() + VERIFIED_MS;
    for (let turn = 0; ; turn += 1) {
      const { admins } = this;
      const outcome = await this.attempt(admins[turn % admins.length], gateway ?? `${name}-${turn}`, gateway);
      if (outcome === 'verified') return;
      this.refused.push(outcome);
      if (!MAY_END_IN.includes(outcome)) throw new Error(`a verification ended in ${outcome}`);
      if (Date.now() > end) throw new Error(`no verification succeeded: ${this.refused.slice(-20).join(', ')}`);
      await pause(100);
    }
  }

  /** Publishes a virtual server. */
  async publish(gateway = 'steady'): Promise<string> {
    const slug = `published-${++this.named}`;
    await this.admins[0]!.ask('POST', '/servers', { name: slug, slug, include: [{ gateway }] });
    return slug;
  }

  /** Publishes many values: virtual servers, and keys of callers. */
  async publishMany(count: number): Promise<void> {
    let left = count;
    const publishSome = async (admin: Admin): Promise<void> => {
      while (left-- > 0) await (left % 2 === 0 ? this.publish() : admin.callerKey());
    };
    await Promise.all(this.admins.flatMap((admin) => Array.from({ length: 4 }, () => publishSome(admin))));
  }

  /** Waits until every proxy that runs serves it. */
  async served(slug: string): Promise<void> {
    const key = this.headers['authorization']?.slice('Bearer '.length);
    await Promise.all(this.services.proxy.map(({ url }) => servedBy(url, slug, key)));
  }

  /** A verification succeeds, and a new virtual server is served by every proxy. Returns the time that took. */
  async worksAfter(begunMs: number): Promise<number> {
    const slug = await this.publish();
    const published = eventually(() => this.served(slug), 60_000);
    await Promise.all([published, this.verify()]);
    return Date.now() - begunMs;
  }

  private async attempt(admin: Admin | undefined, name: string, existing?: string): Promise<string> {
    try {
      const id = existing ?? (await admin!.createGateway({ name, url: this.upstream.url })).id;
      const begun = await admin!.request<VerificationView>('POST', `/gateways/${id}/verifications`, {});
      if (begun.status !== 201) return codeOf(begun);
      const sealed = await admin!.seal(begun.body, CREDENTIAL);
      let put = await admin!.putCredential(begun.body, sealed);
      // Nothing was sent, and the slot still waits.
      while (codeOf(put) === 'bus_unavailable') {
        this.refused.push('bus_unavailable');
        put = await admin!.putCredential(begun.body, sealed);
      }
      return put.status === 202 ? (await admin!.finished(id, begun.body.id)).state : codeOf(put);
    } catch (error) {
      return error instanceof Error ? error.message : 'unknown';
    }
  }

  private async open(): Promise<void> {
    this.token = (await readFile(join(this.parts.home, 'registry-1/admin-token'), 'utf8')).trim();
    const [admin] = this.admins;
    const { verification } = await admin!.register({ name: 'Steady', url: this.upstream.url }, CREDENTIAL.token);
    expect(verification.state).toBe('verified');
    await admin!.ask('POST', '/servers', { name: 'Steady', include: [{ gateway: 'steady' }] });
    this.headers = {
      authorization: `Bearer ${await admin!.callerKey()}`,
      'x-upstream-authorization': `Bearer ${CREDENTIAL.token}`,
    };
    await this.served('steady');
  }
}

function codeOf({ status, body }: { status: number; body: unknown }): string {
  const code = typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined;
  return typeof code === 'string' ? code : `status ${status}`;
}
