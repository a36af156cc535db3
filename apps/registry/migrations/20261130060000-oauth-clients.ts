import { Migration } from '@mikro-orm/migrations';

/** The client by which people log in for a gateway. */
export class OAuthClients extends Migration {
  override name = '20261130060000-oauth-clients';

  override up(): void {
    this.addSql(`alter table gateway add column oauth_client jsonb`);
  }
}
