import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { initTrust, type TrustService, type TrustSummary } from '@lethe/sealing';
import { runLethe } from '../run-lethe.js';

const SERVICES: readonly TrustService[] = ['registry', 'connector', 'proxy'];

/** The keys of a deployment, and a folder for each kind of service that has the files it needs and no others. */
export class TrustFolders {
  private constructor(private readonly home: string) {}

  static async make(home: string): Promise<TrustFolders> {
    const folders = new TrustFolders(home);
    const { services } = await initTrust(folders.all, new Date());
    for (const service of SERVICES) await folders.hand(service, services);
    return folders;
  }

  /** `LETHE_TRUST` of a replica, such as `proxy-1`. */
  ofReplica(name: string): string {
    return this.of(name.replace(/-\d+$/, ''));
  }

  /** `lethe trust rotate kept`. @returns the new files by service */
  async rotateKept(): Promise<TrustSummary['services']> {
    const { code, out, err } = await runLethe(['trust', 'rotate', 'kept', this.all, '--json'], {}, this.home);
    if (code !== 0) throw new Error(err);
    const { services }: TrustSummary = JSON.parse(out);
    return services;
  }

  /** Copies new files to a service. */
  async hand(service: TrustService, services: TrustSummary['services']): Promise<void> {
    await mkdir(this.of(service), { recursive: true, mode: 0o700 });
    for (const file of services[service]) await copyFile(join(this.all, file), join(this.of(service), file));
  }

  private of(service: string): string {
    return join(this.home, `trust-${service}`);
  }

  private get all(): string {
    return join(this.home, 'trust-all');
  }
}
