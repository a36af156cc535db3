import { Readiness, Settings, VERSION } from '@lethe/platform';
import { Trust } from '@lethe/sealing';
import { Get, Inject, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AdminController } from '../admins/admin-controller.js';
import { ConnectorCache } from '../connectors/connector-cache.service.js';
import { ConsoleStatus } from '../console/console-status.service.js';
import { LiveProxies } from '../proxies/live-proxies.service.js';
import { ProxyAddress } from '../proxies/proxy-address.service.js';
import { PublishedRoutes } from '../publishing/published-routes.service.js';
import { Operation } from '../rest/operation.js';
import { StatusView } from './status.view.js';

/** What `lethe doctor` and `lethe status` begin with. */
@AdminController('status', 'status')
export class StatusController {
  constructor(
    private readonly readiness: Readiness,
    private readonly trust: Trust,
    private readonly connectors: ConnectorCache,
    private readonly proxies: LiveProxies,
    private readonly routes: PublishedRoutes,
    private readonly address: ProxyAddress,
    private readonly console: ConsoleStatus,
    @Inject(Settings) private readonly settings: Settings,
  ) {}

  @Get()
  @Operation('getStatus', 'Says how the registry is, and what it has heard of connectors and proxies', {
    answer: StatusView,
  })
  async status(@Req() { headers }: FastifyRequest): Promise<StatusView> {
    const { isReady, checks } = await this.readiness.report();
    const now = new Date();
    const live = this.trust.identities('connector').flatMap(({ kid }) => this.connectors.of(kid, now));
    return {
      version: VERSION,
      at: now.toISOString(),
      publicUrl: this.settings.publicUrl ?? null,
      proxyUrl: this.address.seenFrom(headers.host) ?? null,
      hasConsole: this.console.isServed,
      isReady,
      checks,
      revision: await this.routes.newestRevision(),
      connectors: {
        live: live.length,
        freeSlots: sum(live.map(({ freeSlots }) => freeSlots)),
        lentSlots: sum(live.map(({ lentSlots }) => lentSlots)),
      },
      proxies: this.proxies.states().map(({ host, seenAt, confirmedRevision, opensKept }) => ({
        host,
        seenAt: seenAt.toISOString(),
        confirmedRevision: confirmedRevision ?? null,
        opensKept,
      })),
    };
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
