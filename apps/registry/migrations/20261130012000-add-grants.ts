import { Migration } from '@mikro-orm/migrations';

/** Roles of callers' keys, what virtual servers grant to roles, and limits. */
export class AddGrants extends Migration {
  override name = '20261130012000-add-grants';

  override up(): void {
    this.addSql(`alter table caller_key add column roles jsonb`);
    this.addSql(`alter table caller_key add column roles_mac varchar(255)`);
    this.addSql(`alter table virtual_server add column grants jsonb`);
    this.addSql(`alter table virtual_server add column limits jsonb`);
    this.addSql(`alter table gateway add column trust_hints boolean not null default false`);
    this.addSql(`alter table gateway add column limits jsonb`);
  }
}
