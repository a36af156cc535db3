import { Migration } from '@mikro-orm/migrations';

/** Why the result of a verification waits for a review. The only results that wait so far differ from the one before. */
export class AddReviewReason extends Migration {
  override name = '20261129194000-add-review-reason';

  override up(): void {
    this.addSql(`alter table verification add column review text null`);
    this.addSql(
      `update verification set review = 'drift' where id in (select review_vid from gateway where review_vid is not null)`,
    );
  }
}
