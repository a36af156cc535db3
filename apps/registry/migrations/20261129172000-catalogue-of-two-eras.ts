import { Migration } from '@mikro-orm/migrations';

/** How items differ between the eras of an upstream and between its clients, and the warnings of a verification. */
export class CatalogueOfTwoEras extends Migration {
  override name = '20261129172000-catalogue-of-two-eras';

  override up(): void {
    this.addSql(`alter table catalogue_item add column legacy_definition json null, add column only_in text null,
      add column needs jsonb null`);
    this.addSql(`alter table catalogue_item add constraint catalogue_item_only_in_check
      check (only_in in ('legacy', 'modern'))`);
    this.addSql(`alter table verification add column warnings jsonb null`);
  }
}
