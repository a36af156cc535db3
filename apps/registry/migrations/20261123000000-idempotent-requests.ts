import { Migration } from '@mikro-orm/migrations';

/** Answers of requests that carried an `Idempotency-Key`. */
export class IdempotentRequests extends Migration {
  override name = '20261123000000-idempotent-requests';

  override up(): void {
    this.addSql(`create table idempotent_request (administrator varchar(255) not null, key varchar(255) not null,
      fingerprint varchar(255) not null, status int null, body jsonb null, created_at timestamptz(3) not null,
      primary key (administrator, key))`);
  }
}
