import { Get, Param, Query } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, getSchemaPath } from '@nestjs/swagger';
import { AdminController } from '../admins/admin-controller.js';
import { clientOf } from './clients/clients.js';
import { ConnectQuery } from './connect.dto.js';
import { ConnectService } from './connect.service.js';
import { ClientsView, ConfigurationView, toClientsView } from './connect.view.js';

/** How clients connect to virtual servers. */
@AdminController('servers', 'servers')
export class ConnectController {
  constructor(private readonly connect: ConnectService) {}

  @Get(':ref/connect')
  @ApiOperation({ summary: "A client's configuration for a virtual server, without secrets; or the list of clients" })
  @ApiExtraModels(ClientsView, ConfigurationView)
  @ApiOkResponse({
    schema: { oneOf: [{ $ref: getSchemaPath(ConfigurationView) }, { $ref: getSchemaPath(ClientsView) }] },
  })
  async configuration(
    @Param('ref') ref: string,
    @Query() { client: id, proxyUrl }: ConnectQuery,
  ): Promise<ConfigurationView | ClientsView> {
    const client = id === undefined ? undefined : clientOf(id);
    return client ? this.connect.configure(ref, client, proxyUrl) : toClientsView();
  }
}
