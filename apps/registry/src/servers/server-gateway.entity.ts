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

/** Which servers to publish anew when a gateway changes. An index, not the truth: that is the server's own row. */
export class ServerGateway extends Schema.class {}
Schema.setClass(ServerGateway);
