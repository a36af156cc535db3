import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Admin } from '../admin.js';
import { eventually } from '../eventually.js';
import { startRoundRobin } from '../round-robin.js';
import { type SeparateParts, type StartedService, startSeparateParts } from '../separate.js';

/** Replaces services, and lets others work with what runs before the next one is replaced. */
type Step = (worked: () => Promise<void>) => Promise<void>;

/** One registry, one connector and two proxies behind a balancer, each of which can be replaced by another version. */
export class RollingServices {
  /** Of the registries that run. */
  readonly admins: Admin[] = [];
  readonly proxyUrls: string[] = [];
  private readonly running = new Map<string, StartedService>();
  private balancer: Awaited<ReturnType<typeof startRoundRobin>> | undefined;
  private token = '';
  private started = 0;

  private constructor(private readonly parts: SeparateParts) {}

  /** @param root where the build of the first version is */
  static async start(root: string): Promise<RollingServices> {
    const services = new RollingServices(await startSeparateParts());
    const registry = await services.run('registry', root);
    services.token = (await readFile(join(registry.home, 'admin-token'), 'utf8')).trim();
    services.admins.push(new Admin(registry.url, services.token));
    const proxies = await Promise.all(['proxy-a', 'proxy-b'].map((role) => services.run(role, root)));
    await services.run('connector', root);
    services.proxyUrls.push(...proxies.map(({ url }) => url));
    services.balancer = await startRoundRobin(services.proxyUrls);
    return services;
  }

  /** Where clients go. */
  get url(): string {
    return this.balancer?.url ?? '';
  }

  /** In the order of an upgrade; that of a rollback is the other way round. */
  steps(root: string): Step[] {
    return [
      (worked) => this.replaceRegistry(root, worked),
      (worked) => this.replace('connector', root, worked),
      (worked) => this.replaceProxy('proxy-a', root, worked),
      (worked) => this.replaceProxy('proxy-b', root, worked),
    ];
  }

  async stop(): Promise<void> {
    await this.balancer?.close();
    await Promise.all([...this.running.values()].map(({ process }) => process.stop()));
    await this.parts.close();
  }

  private async run(role: string, root: string): Promise<StartedService> {
    const app = role === 'registry' || role === 'connector' ? role : 'proxy';
    const service = await this.parts.start(app, `${role}-${++this.started}`, { root });
    this.running.set(role, service);
    await eventually(async () => {
      const { status } = await fetch(`${service.url}/readyz`);
      if (status !== 200) throw new Error(`${role} is not ready`);
    }, 20_000);
    return service;
  }

  /** Starts the new one beside the old one, and ends the old one. */
  private async replace(role: string, root: string, worked: () => Promise<void>): Promise<void> {
    const old = this.running.get(role);
    await this.run(role, root);
    await worked();
    await old?.process.stop();
    await worked();
  }

  private async replaceRegistry(root: string, worked: () => Promise<void>): Promise<void> {
    const old = this.running.get('registry');
    const { url } = await this.run('registry', root);
    this.admins.push(new Admin(url, this.token));
    await worked();
    // No client is sent to it any more; those that are there finish first.
    this.admins.shift();
    await worked();
    await old?.process.stop();
    await worked();
  }

  private async replaceProxy(role: string, root: string, worked: () => Promise<void>): Promise<void> {
    const old = this.running.get(role);
    const { url } = await this.run(role, root);
    this.proxyUrls.splice(this.proxyUrls.indexOf(old?.url ?? ''), 1, url);
    await old?.process.stop();
    await worked();
  }
}
