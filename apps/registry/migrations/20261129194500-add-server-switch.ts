import { Migration } from '@mikro-orm/migrations';

/** Whether a virtual server answers its callers. */
export class AddServerSwitch extends Migration {
  override name = '20261129194500-add-server-switch';

  override up(): void {
    this.addSql(`alter table virtual_server add column enabled boolean not null default true`);
  }
}
