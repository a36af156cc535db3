import { Migration } from '@mikro-orm/migrations';

/**
 * Roles, expiry and rotation of administrators. The column `role` stays for releases without roles, which refuse the tokens
 * of all administrators that were made since: these have no code in `mac`.
 */
export class RolesOfAdministrators extends Migration {
  override name = '20261130010100-roles-of-administrators';

  override up(): void {
    this
      .addSql(`alter table admin add column granted_role text not null default 'admin', add column enabled boolean not null default true,
      add column expires_at timestamptz(3) null, add column token_mac varchar(255) null,
      add column previous_token_mac varchar(255) null, add column previous_until timestamptz(3) null,
      add column row_mac varchar(255) null, add column version int not null default 1, add column last_used_at timestamptz(3) null,
      add column created_by jsonb null`);
    this.addSql(`alter table admin add constraint admin_granted_role_check
      check (granted_role in ('admin', 'editor', 'viewer'))`);
  }
}
