import { Migration } from '@mikro-orm/migrations';

/** Which scheme an upstream's 401 asks for. */
export class AddVerificationScheme extends Migration {
  override name = '20261129193500-add-verification-scheme';

  override up(): void {
    this.addSql(`alter table verification add column scheme text null`);
    this.addSql(
      `alter table verification add constraint verification_scheme_check check (scheme in ('bearer', 'basic'))`,
    );
  }
}
