import { Migration } from '@mikro-orm/migrations';

/** Tags of virtual servers and items, the authentication code of gateways' tags, and how large the tools of a server are. */
export class AddTags extends Migration {
  override name = '20261130051000-add-tags';

  override up(): void {
    this.addSql(`alter table gateway add column item_tags jsonb not null default '[]'`);
    this.addSql(`alter table gateway add column tags_mac varchar(255)`);
    this.addSql(`alter table virtual_server add column tags jsonb not null default '[]'`);
    this.addSql(`alter table virtual_server add column tool_bytes int`);
  }
}
