import { BUCKETS, type ServerManifest } from '@lethe/contracts';
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import { servedBy } from '../calls.js';
import { type Proxies, startProxies } from '../proxies.js';
import { type GatewayDraft, type ServerDraft, tool } from '../published-routes.js';
import { startScriptedUpstream, type Upstream, type UpstreamScript } from '../upstreams/index.js';
import { HTTP_ENGINES } from './http-engines.js';

/** What can be ended when a test or a suite is over. */
interface Closable {
  close(): unknown;
}

/** A virtual server that every replica serves: its endpoint at the load balancer, and the path of it. */
export interface PublishedServer {
  url: string;
  path: string;
  manifest: ServerManifest;
}

/** What a suite of proxies works with. Everything in it can be used in hooks and tests only. */
export interface ProxySuite {
  proxies: Proxies;
  /** Closes this after the test that calls it; after the suite if `beforeAll` calls it. */
  keep<T extends Closable>(opened: T): T;
  /** Starts a scripted upstream, which is kept. */
  startUpstream(script: UpstreamScript): Promise<Upstream>;
  /** Publishes a virtual server, or another revision of it. Resolves when every replica serves this one. */
  publish(draft: Omit<ServerDraft, 'slug'> & { slug?: string }): Promise<PublishedServer>;
  /** Publishes a caller's key for all virtual servers. Resolves when every replica accepts it at this one. */
  publishKey(slug: string): Promise<string>;
  /** As `publish`, with one sessionful gateway for each upstream: `g0` with the tool `t0`, `g1` with `t1`, and so on. */
  serve(
    upstreams: readonly Upstream[],
    server?: Partial<ServerDraft>,
    gateway?: Partial<GatewayDraft>,
  ): Promise<PublishedServer>;
  /** The same with one gateway, `up` with the tool `echo`, to a new upstream with this script. */
  serveOne(
    script: UpstreamScript,
    gateway?: Partial<GatewayDraft>,
    server?: Partial<ServerDraft>,
  ): Promise<PublishedServer & { upstream: Upstream }>;
}

/** How many proxies a suite has, and their settings. */
type Fleet = number | { count: number; env: NodeJS.ProcessEnv };

/** A suite with so many proxies on one bus, behind a load balancer without affinity. */
export function describeProxies(title: string, fleet: Fleet, tests: (suite: ProxySuite) => void): void {
  describe(title, () => tests(setUp(fleet, {})));
}

/** The same suite twice: with the fast HTTP path and with node's own HTTP server. */
export function describeProxiesOnEachEngine(title: string, fleet: Fleet, tests: (suite: ProxySuite) => void): void {
  describe.each(HTTP_ENGINES)(`${title} (%s)`, (_name, env) => tests(setUp(fleet, env)));
}

function setUp(fleet: Fleet, engine: NodeJS.ProcessEnv): ProxySuite {
  const { count, env } = typeof fleet === 'number' ? { count: fleet, env: {} } : fleet;
  const keep = keeping();
  // Filled before the first test: a suite hands it to its own functions long before.
  const proxies = {} as Proxies;
  beforeAll(async () => {
    keep(Object.assign(proxies, await startProxies(count, { ...engine, ...env })));
  });

  let published = 0;
  const newSlug = (): string => `s${++published}`;
  const startUpstream = async (script: UpstreamScript): Promise<Upstream> => keep(await startScriptedUpstream(script));
  return {
    proxies,
    keep,
    startUpstream,
    publish: (draft) => publishOn(proxies, { slug: newSlug(), ...draft }),
    publishKey: async (slug) => {
      const key = await proxies.routes.key('*');
      await Promise.all(proxies.replicas.map((replica) => servedBy(replica.url, slug, key)));
      return key;
    },
    serve: (upstreams, server = {}, gateway = {}) => {
      const gateways = upstreams.map(({ url }, n) => ({
        ...{ slug: `g${n}`, url, items: [tool(`t${n}`)], facts: { sessionful: true } },
        ...gateway,
      }));
      return publishOn(proxies, { slug: newSlug(), gateways, ...server });
    },
    serveOne: async (script, gateway = {}, server = {}) => {
      const one = await startUpstream(script);
      const gateways = [{ slug: 'up', url: one.url, items: [tool('echo')], ...gateway }];
      return { ...(await publishOn(proxies, { slug: newSlug(), gateways, ...server })), upstream: one };
    },
  };
}

async function publishOn(proxies: Proxies, draft: ServerDraft): Promise<PublishedServer> {
  const { routes, replicas, url } = proxies;
  const manifest = await routes.publish(draft);
  await proxies.inEffect(BUCKETS.servers, draft.slug);
  const key = draft.access === 'key' ? await routes.key('*') : undefined;
  await Promise.all(replicas.map((replica) => servedBy(replica.url, draft.slug, key)));
  const path = `/servers/${draft.slug}/mcp`;
  return { url: url + path, path, manifest };
}

/** Closes what a test opened after it, and what a hook of the suite opened after the suite; the last one first. */
function keeping(): ProxySuite['keep'] {
  const ofSuite: Closable[] = [];
  const ofTest: Closable[] = [];
  let current = ofSuite;
  beforeEach(() => {
    current = ofTest;
  });
  afterEach(() => closeAll(ofTest));
  afterAll(() => closeAll(ofSuite));
  return (opened) => {
    current.push(opened);
    return opened;
  };
}

async function closeAll(opened: Closable[]): Promise<void> {
  const closings = opened.splice(0).reverse();
  await Promise.all(closings.map(async (one) => one.close()));
}
