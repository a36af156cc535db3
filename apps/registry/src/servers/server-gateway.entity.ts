import { defineEntity, p } from '@mikro-orm/postgresql';

const Schema = defineEntity({
  name: 'ServerGateway',
  tableName: 'server_gateway',
  primaryKeys: ['serverId', 'gatewayId'],
  properties: {
    serverId: p.uuid().primary(),
    gatewayId: p.uuid().primary().index('server_gateway_gateway_id_index'),
  },
});

/** Index of the servers to publish again when a gateway changes. The server's own row stays the source of truth. */
export class ServerGateway extends Schema.class {}
Schema.setClass(ServerGateway);
