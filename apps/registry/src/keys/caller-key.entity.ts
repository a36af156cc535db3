import { defineEntity, p } from '@mikro-orm/postgresql';

const Schema = defineEntity({
  name: 'CallerKey',
  tableName: 'caller_key',
  properties: {
    id: p.string().primary(),
    name: p.string(),
    /** Ids of servers, or `*` for all. */
    servers: p.json<string[] | '*'>(),
    /** Null for none. */
    roles: p.json<string[]>().nullable(),
    /** With `roles`: authentication code over them, which proxies check. It does not cover the secret, so that roles can change. */
    rolesMac: p.string().nullable(),
    /** The end that the key was made with. `mac` covers it, so it stays. */
    expiresAt: p.datetime(3).nullable(),
    /** An earlier end, set afterwards. */
    endsAt: p.datetime(3).nullable(),
    revokedAt: p.datetime(3).nullable(),
    /** Id of the key whose place this one takes. */
    replaces: p.string().nullable(),
    /** Id of the key that takes the place of this one. */
    replacedBy: p.string().nullable(),
    /** Authentication code over secret and scope, which proxies check. */
    mac: p.string(),
    /** Authentication code over the row without the secret, which the registry checks before it signs. */
    rowMac: p.string(),
    createdAt: p.datetime(3),
    /** As proxies told it, to two minutes, and not authenticated: only for people. */
    lastUsedAt: p.datetime(3).nullable(),
    /** As `lastUsedAt`: the virtual server that was called. */
    lastServerId: p.string().nullable(),
  },
});

/** A caller's key. The secret was shown once and is not stored. */
export class CallerKey extends Schema.class {}
Schema.setClass(CallerKey);
