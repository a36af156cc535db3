import { Migration } from '@mikro-orm/migrations';

/**
 * New virtual servers tell a missing credential as a tool result. Rows keep `error`: they do not tell whether it was chosen,
 * and clients of these servers may read the error's data.
 */
export class MissingCredentialAsResult extends Migration {
  override name = '20261129194500-missing-credential-as-result';

  override up(): void {
    this.addSql(`alter table virtual_server alter column missing_credential set default 'result'`);
  }
}
