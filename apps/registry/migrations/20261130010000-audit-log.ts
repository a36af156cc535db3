import { Migration } from '@mikro-orm/migrations';

const COLUMNS = `seq bigint primary key, at timestamptz(3) not null, actor_kind text not null, actor_id varchar(255) not null,
  actor_name varchar(255) not null, actor_role text null, operation varchar(255) not null, outcome text not null,
  target_kind text null, target_id varchar(255) null, target_slug varchar(255) null, before json null, after json null,
  request_id varchar(255) null, previous_hash varchar(255) not null, hash varchar(255) not null`;

/** Who changed what. Rows can be added and read; the database refuses everything else. */
export class AuditLog extends Migration {
  override name = '20261130010000-audit-log';

  override up(): void {
    this.addSql(`create table audit_entry (${COLUMNS})`);
    this.addSql(`create index audit_entry_at_index on audit_entry (at)`);
    this.addSql(`create index audit_entry_actor_id_seq_index on audit_entry (actor_id, seq)`);
    this.addSql(`create index audit_entry_operation_seq_index on audit_entry (operation, seq)`);
    this.addSql(`create index audit_entry_target_id_seq_index on audit_entry (target_id, seq)`);
    this.addSql(`create index audit_entry_target_slug_seq_index on audit_entry (target_slug, seq)`);
    this.addSql(`create function refuse_audit_change() returns trigger language plpgsql as
      'begin raise exception ''audit_entry is append-only''; end'`);
    this.addSql(`create trigger audit_entry_is_append_only before update or delete or truncate on audit_entry
      for each statement execute function refuse_audit_change()`);
    this.addSql(`alter table verification add column opened_by jsonb null`);
  }
}
