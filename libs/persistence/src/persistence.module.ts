import type { Constructor, EntityName } from '@mikro-orm/core';
import { Migrator, type Migration } from '@mikro-orm/migrations';
import { MikroOrmModule } from '@mikro-orm/nestjs';
import { PostgreSqlDriver } from '@mikro-orm/postgresql';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { CONNECTION_LIMITS, type ConnectionLimits, limitedPool } from './connection-limits.js';
import { Counter } from './counter.entity.js';
import { Database } from './database.js';
import { Lease } from './lease.entity.js';
import { persistenceMigrations } from './migrations.js';
import { OutboxMessage } from './outbox/outbox-message.entity.js';
import { PublishedSnapshot } from './outbox/published-snapshot.entity.js';

/** The database of an application: where it is, its entities and its migrations. */
export interface PersistenceOptions {
  databaseUrl: string;
  entities: EntityName<object>[];
  migrations: Constructor<Migration>[];
  /** Connections per process. */
  poolSize?: number;
  limits?: ConnectionLimits;
}

/** MikroORM on PostgreSQL, with the tables of the outbox. Provides `Database` and `MikroORM` to all modules. */
@Global()
@Module({})
export class PersistenceModule {
  static async forRoot(options: PersistenceOptions): Promise<DynamicModule> {
    const orm = await MikroOrmModule.forRoot({
      driver: PostgreSqlDriver,
      clientUrl: options.databaseUrl,
      entities: [Counter, Lease, OutboxMessage, PublishedSnapshot, ...options.entities],
      extensions: [Migrator],
      migrations: {
        migrationsList: [...persistenceMigrations, ...options.migrations],
        snapshot: false,
        tableName: 'migration',
      },
      pool: { min: 0, max: options.poolSize ?? 10 },
      driverOptions: limitedPool(options.limits ?? CONNECTION_LIMITS),
      registerRequestContext: false,
      // Statements contain values, so they are never logged.
      debug: false,
      logger: () => undefined,
      forceUtcTimezone: true,
    });
    return { module: PersistenceModule, imports: [orm], providers: [Database], exports: [Database] };
  }
}
