import { Migration } from '@mikro-orm/migrations';

/** How long the names may be that a virtual server gives its items. */
export class AddMaxNameLength extends Migration {
  override name = '20261129165500-add-max-name-length';

  override up(): void {
    this.addSql(`alter table virtual_server add column max_name_length int not null default 64`);
  }
}
