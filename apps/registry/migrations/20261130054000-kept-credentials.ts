import { Migration } from '@mikro-orm/migrations';

/** Ciphertexts of credentials that proxies keep, and whose credential the calls of a virtual server have. */
export class KeptCredentials extends Migration {
  override name = '20261130054000-kept-credentials';

  override up(): void {
    this.addSql(`create table kept_credential (
      gateway_id uuid primary key,
      kept_revision int not null,
      sealed text,
      config_revision int not null,
      expires_at timestamptz(3) not null,
      kept_by jsonb not null,
      kept_at timestamptz(3) not null,
      mac varchar(255) not null
    )`);
    this.addSql(`alter table virtual_server add column credentials jsonb`);
  }
}
