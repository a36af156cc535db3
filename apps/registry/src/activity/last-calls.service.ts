import { Database } from '@lethe/persistence';
import { Injectable } from '@nestjs/common';
import { allOf, type Condition, ifGiven } from '../rest/filters.js';
import { limitOf, type Page, positionOf, toPage } from '../rest/paging.js';
import type { CallsQuery } from './activity.dto.js';
import { type CallView, toCallView } from './call.view.js';
import { KEPT_CALLS, SeenCall } from './seen-call.entity.js';

/** Reads the last calls. */
@Injectable()
export class LastCalls {
  constructor(private readonly database: Database) {}

  /**
   * Newest first.
   * @throws LetheError `invalid_request` for a cursor of another list
   */
  async list(query: CallsQuery, now: Date): Promise<Page<CallView>> {
    const { server, gateway, key, outcome, failed } = query;
    const where = allOf(
      { endedAt: { $gte: new Date(now.getTime() - KEPT_CALLS.hours * 60 * 60_000) } },
      ifGiven(server, (slug) => ({ server: slug })),
      ifGiven(gateway, (slug) => ({ gateway: slug })),
      ifGiven(key, (id) => ({ caller: `key:${id}` })),
      ifGiven(outcome, (code) => ({ outcome: code })),
      ifGiven(failed, (isWanted) => ({ outcome: isWanted === 'true' ? { $ne: 'ok' } : 'ok' })),
      after(query),
    );
    const order = { orderBy: { endedAt: 'desc', id: 'desc' }, limit: limitOf(query) + 1 } as const;
    const rows = await this.database.read((em) => em.find(SeenCall, where, order));
    return toPage(rows, query, ({ endedAt, id }) => [endedAt.toISOString(), id], toCallView);
  }
}

function after(query: CallsQuery): Condition {
  const [at, id] = positionOf(query, ['time', 'bigint']) ?? [];
  if (at === undefined) return undefined;
  const endedAt = new Date(at);
  return { $or: [{ endedAt: { $lt: endedAt } }, { endedAt, id: { $lt: id } }] };
}
