import { Migration } from '@mikro-orm/migrations';

/** Answers of requests with an `Idempotency-Key`, by the digest of the key. The table before holds keys as they came. */
export class KeyedRequests extends Migration {
  override name = '20261130015500-keyed-requests';

  override up(): void {
    this.addSql(`create table keyed_request (administrator varchar(255) not null, key_digest varchar(255) not null,
      fingerprint varchar(255) not null, status int null, body jsonb null, headers jsonb null,
      created_at timestamptz(3) not null, primary key (administrator, key_digest))`);
    this.addSql(`insert into keyed_request (administrator, key_digest, fingerprint, status, body, created_at)
      select administrator, encode(sha256(convert_to(key, 'UTF8')), 'hex'), fingerprint, status, body, created_at
      from idempotent_request`);
  }
}
