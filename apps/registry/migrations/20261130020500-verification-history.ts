import { Migration } from '@mikro-orm/migrations';

/** What each verification changed, what was rejected, what virtual servers lost, and gateways that may have changed. */
export class VerificationHistory extends Migration {
  override name = '20261130020500-verification-history';

  override up(): void {
    this
      .addSql(`create table item_version (gateway_id uuid not null, digest varchar(255) not null, content json not null,
      primary key (gateway_id, digest))`);
    this.addSql(`create table verification_change (vid uuid not null, ordinal int not null, gateway_id uuid not null,
      kind text not null, own text not null, change text not null, status text not null,
      before_digest varchar(255) null, after_digest varchar(255) null, decided_at timestamptz(3) null,
      primary key (vid, ordinal))`);
    this.addSql(`create index verification_change_gateway_id_index on verification_change (gateway_id)`);
    this.addSql(`create table rejected_item (gateway_id uuid not null, kind text not null, own text not null,
      digest varchar(255) not null, rejected_at timestamptz(3) not null, primary key (gateway_id, kind, own))`);
    this.addSql(`alter table verification add column base_vid uuid null,
      add column review_version int not null default 0`);
    this.addSql(`alter table gateway add column drift_suspected_at timestamptz(3) null,
      add column drift_suspected_by text null`);
    this.addSql(`alter table exposed_name add column lost_at timestamptz(3) null`);
  }
}
