import { Migration } from '@mikro-orm/migrations';

/** Tables of the outbox, of published state and of leases. */
export class CreateOutbox extends Migration {
  override name = '20261101000000-create-outbox';

  override up(): void {
    this.addSql(`create table counter (name varchar(255) primary key, value bigint not null)`);
    this.addSql(`insert into counter (name, value) values ('revision', 0)`);
    this.addSql(
      `create table lease (name varchar(255) primary key, holder varchar(255) not null, expires_at timestamptz(3) not null)`,
    );
    this
      .addSql(`create table outbox_message (seq bigint primary key, bucket varchar(255) not null, key varchar(255) not null,
      value text not null, created_at timestamptz(3) not null, sent_at timestamptz(3) null)`);
    this.addSql(`create index outbox_message_sent_at_seq_index on outbox_message (sent_at, seq)`);
    this
      .addSql(`create table published_snapshot (bucket varchar(255) not null, key varchar(255) not null, value text not null,
      revision bigint null, updated_at timestamptz(3) not null, primary key (bucket, key))`);
  }
}

/** Run these before an application's own migrations. */
export const persistenceMigrations = [CreateOutbox];
