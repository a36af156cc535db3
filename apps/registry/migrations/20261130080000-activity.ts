import { Migration } from '@mikro-orm/migrations';

/** What proxies tell of calls: counts by minute and by quarter of an hour, single calls, and what was counted already. */
export class Activity extends Migration {
  override name = '20261130080000-activity';

  override up(): void {
    this.addSql(`create table activity_count (step int not null, began_at timestamptz(3) not null, server text not null,
      gateway text not null, method text not null, outcome text not null, refused_by text not null, calls bigint not null,
      seconds double precision not null,
      primary key (step, began_at, server, gateway, method, outcome, refused_by))`);
    this.addSql(
      `create table activity_source (proxy text primary key, number int not null, heard_at timestamptz(3) not null)`,
    );
    this
      .addSql(`create table seen_call (id bigserial primary key, ended_at timestamptz(3) not null, server text not null,
      gateway text not null, method text not null, item text not null, caller text not null, client text not null,
      outcome text not null, refused_by text not null, duration_ms double precision not null)`);
    this.addSql(`create index seen_call_ended_at_id_index on seen_call (ended_at, id)`);
  }
}
