import { neededHeaders } from '@lethe/mcp';
import { Settings } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';
import { ServerGateways } from '../servers/server-gateways.service.js';
import { ServersService } from '../servers/servers.service.js';
import type { ClientFormat } from './clients/client-format.js';
import { type ClientConfiguration, configurationOf } from './configuration.js';

/** Configures clients for virtual servers as they are now. */
@Injectable()
export class ConnectService {
  constructor(
    private readonly servers: ServersService,
    private readonly gateways: ServerGateways,
    @Inject(Settings) private readonly settings: Settings,
  ) {}

  /**
   * @param proxyUrl where clients reach the proxies, if no setting tells it
   * @throws LetheError `not_found`
   */
  async configure(ref: string, client: ClientFormat, proxyUrl: string | undefined): Promise<ClientConfiguration> {
    const { server } = await this.servers.find(ref);
    const gateways = await this.gateways.servedBy(server);
    // Where only the kept credential may be used, a header is refused.
    const kept = new Set(server.credentials?.flatMap(({ gateway, use }) => (use === 'kept' ? [gateway] : [])));
    const called = gateways
      .filter(({ gateway }) => !kept.has(gateway.id))
      .map(({ gateway: { id, slug }, config }) => ({
        id,
        slug,
        passthroughHeaders: config.mappings,
      }));
    return configurationOf(client, {
      slug: server.slug,
      access: server.access,
      proxyUrl: (this.settings.publicUrl ?? proxyUrl)?.replace(/\/+$/, ''),
      headers: neededHeaders(called, server.shortForm),
    });
  }
}
