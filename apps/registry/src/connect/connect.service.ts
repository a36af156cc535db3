import { EVERYONE } from '@lethe/contracts';
import { type CalledGateway, canHaveToken, neededHeaders } from '@lethe/mcp';
import { LetheError, Settings } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { GatewayDetails } from '../gateways/gateway.view.js';
import { ServerGateways } from '../servers/server-gateways.service.js';
import type { VirtualServer } from '../servers/server.entity.js';
import { ServersService } from '../servers/servers.service.js';
import type { ClientFormat } from './clients/client-format.js';
import { type ClientConfiguration, configurationOf, type Way } from './configuration.js';

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
   * @throws LetheError `not_found`, also for a way that this client does not have
   */
  async configure(
    ref: string,
    client: ClientFormat,
    { proxyUrl, way }: { proxyUrl?: string | undefined; way?: Way | undefined },
  ): Promise<ClientConfiguration> {
    const { server } = await this.servers.find(ref);
    const gateways = await this.gateways.servedBy(server);
    const called = gateways.flatMap((gateway) => takingHeaders(gateway, server));
    const headers = neededHeaders(called, server.shortForm);
    const takers = new Set(headers.filter(canHaveToken).map(({ gateway }) => gateway));
    const connected = {
      slug: server.slug,
      access: server.access,
      proxyUrl: (this.settings.publicUrl ?? proxyUrl)?.replace(/\/+$/, ''),
      headers,
      signIn: gateways
        .filter(({ gateway: { slug }, serving }) => serving?.facts?.oauth && takers.has(slug))
        .map(({ gateway: { slug } }) => slug),
    };
    const configuration = configurationOf(client, connected, way);
    if (configuration) return configuration;
    throw new LetheError('not_found');
  }
}

/** A gateway without the headers that its calls do not need: `kept` refuses them, and who may use the kept one may leave them out. */
function takingHeaders(
  { gateway: { id, slug }, config: { mappings }, kept }: GatewayDetails,
  { credentials, grants }: VirtualServer,
): CalledGateway[] {
  const use = credentials?.find(({ gateway }) => gateway === id)?.use ?? 'callers';
  if (use === 'kept') return [];
  const isGranted = grants?.some(({ role, gateways }) => role !== EVERYONE && gateways?.includes(id)) ?? false;
  const isOptional = use === 'callers-then-kept' && kept?.isGenuine === true && isGranted;
  const optional = mappings.map((mapping) => ({ ...mapping, required: false }));
  return [{ id, slug, passthroughHeaders: isOptional ? optional : mappings }];
}
