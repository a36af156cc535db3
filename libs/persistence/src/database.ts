import { AsyncLocalStorage } from 'node:async_hooks';
import { DriverException, UniqueConstraintViolationException } from '@mikro-orm/core';
import { EntityManager, IsolationLevel } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { LetheError } from '@lethe/platform';
import { type ChangeObserver, FlushSubscriber } from './change-observer.js';

/** Converts an error of the driver, which may quote values, to one with only a code. */
export function hideDriverError(error: unknown): unknown {
  if (error instanceof UniqueConstraintViolationException) return new LetheError('conflict');
  if (error instanceof DriverException) return new LetheError('database_unavailable');
  return error;
}

/** Access to the database: each service method is one transaction. */
@Injectable()
export class Database {
  private readonly beforeCommit = new Set<(em: EntityManager) => Promise<void>>();
  private readonly afterCommit = new Set<(em: EntityManager) => void>();
  private observer: ChangeObserver | undefined;
  private readonly joined = new AsyncLocalStorage<EntityManager>();

  constructor(@Inject(EntityManager) private readonly em: EntityManager) {}

  /** Calls `work` at the end of every transaction in this process. What it throws rolls it back. */
  onBeforeCommit(work: (em: EntityManager) => Promise<void>): void {
    this.beforeCommit.add(work);
  }

  /** Calls `listener` after every commit in this process, with what the transaction has used. */
  onCommit(listener: (em: EntityManager) => void): void {
    this.afterCommit.add(listener);
  }

  /** Lets `observer` see every transaction of this process. There is one. */
  observe(observer: ChangeObserver): void {
    if (this.observer !== undefined) throw new Error('The changes of this database have an observer');
    this.observer = observer;
    this.em.getEventManager().registerSubscriber(new FlushSubscriber(observer));
  }

  /**
   * Runs `work` in one transaction and commits it. Use no other entity manager inside: on the embedded database it would
   * never be served. If `work` throws, the transaction is rolled back and the error is rethrown. Within `together` it is part
   * of that transaction.
   * @throws LetheError `conflict`, `database_unavailable`
   */
  async transaction<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    const outer = this.joined.getStore();
    if (outer) return work(outer);
    try {
      let used = this.em;
      const result = await this.em.fork({ clear: true }).transactional(async (em) => {
        used = em;
        const done = await work(em);
        for (const more of this.beforeCommit) await more(em);
        if (this.observer === undefined) return done;
        await em.flush();
        await this.observer.willCommit(em);
        return done;
      });
      for (const listener of this.afterCommit) listener(used);
      return result;
    } catch (error) {
      throw hideDriverError(error);
    }
  }

  /**
   * Makes one transaction of all that `work` does through services: it is done completely or not at all.
   * @throws LetheError like `transaction`
   */
  together<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    return this.transaction((em) => this.joined.run(em, () => work(em)));
  }

  /** Runs `work` on one state of the database, for reading what belongs together. */
  async snapshot<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    try {
      const options = { isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true };
      return await this.em.fork({ clear: true }).transactional(work, options);
    } catch (error) {
      throw hideDriverError(error);
    }
  }

  /** Runs `work` without a transaction, for reading. */
  async read<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    const outer = this.joined.getStore();
    if (outer) return work(outer);
    try {
      return await work(this.em.fork({ clear: true }));
    } catch (error) {
      throw hideDriverError(error);
    }
  }

  /** For readiness: whether the database responds. */
  async isReachable(): Promise<boolean> {
    try {
      await this.em.fork().execute('select 1');
      return true;
    } catch {
      return false;
    }
  }
}
