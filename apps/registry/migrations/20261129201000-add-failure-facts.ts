import { Migration } from '@mikro-orm/migrations';

/** What a failed verification found that says what to do. */
export class AddFailureFacts extends Migration {
  override name = '20261129201000-add-failure-facts';

  override up(): void {
    this.addSql(`alter table verification add column failure jsonb null`);
  }
}
