import { Migration } from '@mikro-orm/migrations';

/** Which protocol eras a virtual server serves. */
export class AddServerEras extends Migration {
  override name = '20261129165200-add-server-eras';

  override up(): void {
    this.addSql(`alter table virtual_server add column eras text not null default 'auto'`);
    this.addSql(
      `alter table virtual_server add constraint virtual_server_eras_check check (eras in ('auto', 'both', 'legacy'))`,
    );
  }
}
