import { DriverException, UniqueConstraintViolationException } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { LetheError } from '@lethe/platform';

/** A driver error says which values it met; what leaves here is a code alone. */
export function hideDriverError(error: unknown): unknown {
  if (error instanceof UniqueConstraintViolationException) return new LetheError('conflict');
  if (error instanceof DriverException) return new LetheError('database_unavailable');
  return error;
}

/** The way to the database: a service method is one transaction. */
@Injectable()
export class Database {
  private readonly afterCommit = new Set<() => void>();

  constructor(@Inject(EntityManager) private readonly em: EntityManager) {}

  /** Calls `listener` after every commit of this process. */
  onCommit(listener: () => void): void {
    this.afterCommit.add(listener);
  }

  /**
   * Runs `work` in one transaction and commits it. Use no other entity manager inside (on the embedded database it
   * would wait for ever).
   * @throws LetheError `conflict`, `database_unavailable`; what `work` throws rolls back and passes
   */
  async transaction<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    try {
      const result = await this.em.fork({ clear: true }).transactional(work);
      for (const listener of this.afterCommit) listener();
      return result;
    } catch (error) {
      throw hideDriverError(error);
    }
  }

  /** Reads without a transaction. */
  async read<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await work(this.em.fork({ clear: true }));
    } catch (error) {
      throw hideDriverError(error);
    }
  }

  /** For readiness: does it answer? */
  async isReachable(): Promise<boolean> {
    try {
      await this.em.fork().execute('select 1');
      return true;
    } catch {
      return false;
    }
  }
}
