import { defineEntity, p } from '@mikro-orm/postgresql';
import type { Actor } from '../audit/trail/actor.js';
import { ADMIN_ROLES, type AdminRole } from '@lethe/platform';

const Schema = defineEntity({
  name: 'Admin',
  tableName: 'admin',
  properties: {
    id: p.string().primary(),
    name: p.string(),
    role: p.enum(ADMIN_ROLES).$type<AdminRole>().fieldName('granted_role'),
    enabled: p.boolean(),
    expiresAt: p.datetime(3).nullable(),
    /** Authentication code over id and secret. Null in a row of an earlier release until its token is used. */
    tokenMac: p.string().nullable(),
    /** That of the token before the last rotation, valid until `previousUntil`. */
    previousTokenMac: p.string().nullable(),
    previousUntil: p.datetime(3).nullable(),
    /** Authentication code over the row; see `sealAdmin`. Without its key, a row is not enough to be an administrator. */
    rowMac: p.string().nullable(),
    /** Releases without roles check the first administrator's token by it; empty in all other rows. */
    mac: p.string(),
    /** As `mac`: always `admin`. */
    formerRole: p.string().fieldName('role'),
    version: p.integer(),
    createdBy: p.json<Actor>().nullable(),
    createdAt: p.datetime(3),
    /** To the minute, and not authenticated: only for people. */
    lastUsedAt: p.datetime(3).nullable(),
  },
});

/** An administrator with a token of Lethe. */
export class Admin extends Schema.class {}
Schema.setClass(Admin);
