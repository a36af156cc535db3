import { Migration } from '@mikro-orm/migrations';

/** How a virtual server tells that a call lacks a credential. */
export class AddMissingCredential extends Migration {
  override name = '20261123000100-add-missing-credential';

  override up(): void {
    this.addSql(`alter table virtual_server add column missing_credential text not null default 'error'`);
    this.addSql(
      `alter table virtual_server add constraint virtual_server_missing_credential_check
        check (missing_credential in ('error', 'result'))`,
    );
  }
}
