import { defineEntity, p } from '@mikro-orm/postgresql';

const Schema = defineEntity({
  name: 'Admin',
  tableName: 'admin',
  properties: {
    id: p.string().primary(),
    name: p.string(),
    role: p.enum(['admin']),
    /**
     * Authentication code over secret, name and role. Without the secret, a row alone is not enough to be an administrator.
     */
    mac: p.string(),
    createdAt: p.datetime(3),
  },
});

/** A user of the admin API. */
export class Admin extends Schema.class {}
Schema.setClass(Admin);
