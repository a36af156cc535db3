import { defineEntity, p } from '@mikro-orm/postgresql';

const Schema = defineEntity({
  name: 'CallerKey',
  tableName: 'caller_key',
  properties: {
    id: p.string().primary(),
    name: p.string(),
    /** Server ids, or `*`. */
    servers: p.json<string[] | '*'>(),
    expiresAt: p.datetime(3).nullable(),
    revokedAt: p.datetime(3).nullable(),
    /** Over secret and scope; what proxies check. */
    mac: p.string(),
    /** Over the row, without the secret; what the registry checks before it signs. */
    rowMac: p.string(),
    createdAt: p.datetime(3),
  },
});

/** A caller's key. Its secret was shown once and is not here. */
export class CallerKey extends Schema.class {}
Schema.setClass(CallerKey);
