import { Get, Param, Query } from '@nestjs/common';
import { AdminController } from '../admins/admin-controller.js';
import { Operation } from '../rest/operation.js';
import { clientOf } from './clients/clients.js';
import { ConnectQuery } from './connect.dto.js';
import { ConnectService } from './connect.service.js';
import { ClientsView, ConfigurationView, toClientsView } from './connect.view.js';

/** How clients connect to virtual servers. */
@AdminController('servers', 'servers')
export class ConnectController {
  constructor(private readonly connect: ConnectService) {}

  @Get(':ref/connect')
  @Operation(
    'configureClient',
    'Shows how a client is configured for a virtual server, without secrets; or the clients',
    {
      answer: [ConfigurationView, ClientsView],
    },
  )
  async configuration(
    @Param('ref') ref: string,
    @Query() { client: id, ...wish }: ConnectQuery,
  ): Promise<ConfigurationView | ClientsView> {
    const client = id === undefined ? undefined : clientOf(id);
    return client ? this.connect.configure(ref, client, wish) : toClientsView();
  }
}
