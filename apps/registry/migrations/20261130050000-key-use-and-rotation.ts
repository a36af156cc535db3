import { Migration } from '@mikro-orm/migrations';

/** When callers' keys were used last, ends that come before their expiry, and which key replaces which. */
export class KeyUseAndRotation extends Migration {
  override name = '20261130050000-key-use-and-rotation';

  override up(): void {
    this.addSql(`alter table caller_key add column last_used_at timestamptz(3)`);
    this.addSql(`alter table caller_key add column last_server_id varchar(255)`);
    this.addSql(`alter table caller_key add column ends_at timestamptz(3)`);
    this.addSql(`alter table caller_key add column replaces varchar(255)`);
    this.addSql(`alter table caller_key add column replaced_by varchar(255)`);
  }
}
