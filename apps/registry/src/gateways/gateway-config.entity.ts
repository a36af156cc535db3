import type { PassthroughMapping, Transport } from '@lethe/contracts';
import { defineEntity, p } from '@mikro-orm/postgresql';

const Schema = defineEntity({
  name: 'GatewayConfig',
  tableName: 'gateway_config',
  primaryKeys: ['gatewayId', 'revision'],
  properties: {
    gatewayId: p.uuid().primary(),
    revision: p.integer().primary(),
    /** In canonical form. */
    url: p.text(),
    transport: p.enum(['auto', 'streamable-http', 'sse']).$type<Transport>(),
    mappings: p.json<PassthroughMapping[]>(),
    tlsCa: p.text().nullable(),
    mac: p.string(),
    createdAt: p.datetime(3),
  },
});

/** One configuration of a gateway. A row never changes after it is written. */
export class GatewayConfig extends Schema.class {}
Schema.setClass(GatewayConfig);
