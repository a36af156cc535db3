import { Migration } from '@mikro-orm/migrations';

/** How a virtual server tells that an upstream rejected a credential. */
export class AddRejectedCredential extends Migration {
  override name = '20261130061000-add-rejected-credential';

  override up(): void {
    this.addSql(`alter table virtual_server add column rejected_credential text not null default 'error'`);
    this.addSql(
      `alter table virtual_server add constraint virtual_server_rejected_credential_check
        check (rejected_credential in ('error', 'http'))`,
    );
  }
}
