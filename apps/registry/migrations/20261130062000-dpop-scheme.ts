import { Migration } from '@mikro-orm/migrations';

/** An upstream's 401 may ask for a token that is bound to a key (RFC 9449). */
export class DpopScheme extends Migration {
  override name = '20261130062000-dpop-scheme';

  override up(): void {
    this.addSql(`alter table verification drop constraint verification_scheme_check`);
    this.addSql(
      `alter table verification add constraint verification_scheme_check check (scheme in ('bearer', 'basic', 'dpop'))`,
    );
  }
}
