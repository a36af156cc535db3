import { Database } from '@lethe/persistence';
import { LOGGER, type Logger, Metrics, RecurringWork } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';
import { SeenGateways } from '../gateways/seen-gateways.service.js';

/** How soon what other registries have changed, or time has, is counted. */
const EVERY_MS = 15_000;
const AFTER_CHANGE_MS = 500;

/** Kept credentials that end in this time are to be replaced. */
const ENDS_SOON = '7 days';

const COUNTS = `
  select count(*) filter (where v.review is not null) as pending,
      count(*) filter (where g.drift_suspected_at is not null) as suspected,
      count(*) filter (where k.sealed is not null and not (k.expires_at > now() and k.config_revision = g.current_revision)) as unusable,
      count(*) filter (where k.sealed is not null and k.config_revision = g.current_revision
        and k.expires_at > now() and k.expires_at <= now() + interval '${ENDS_SOON}') as ending
    from gateway g left join verification v on v.id = g.review_vid left join kept_credential k on k.gateway_id = g.id
    where g.deleted_at is null`;

/** Of some gateways, what is kept for them. */
const KEPT_BY_SLUG = `
  select g.slug, k.kept_revision as revision from gateway g join kept_credential k on k.gateway_id = g.id
    where g.deleted_at is null and k.sealed is not null and g.slug = any(?::text[])`;

type Counts = Record<'pending' | 'suspected' | 'unusable' | 'ending', string>;

/**
 * Counts the gateways that need somebody, for alerts. Not when metrics are read: without a database, they must be read, too.
 * Then the last values stay.
 */
@Injectable()
export class CountReviews {
  private readonly rounds;
  private readonly pending;
  private readonly suspected;
  private readonly ending;
  private readonly unusable;
  private readonly rejected;

  constructor(
    private readonly database: Database,
    private readonly seen: SeenGateways,
    @Inject(LOGGER) logger: Logger,
    metrics: Metrics,
  ) {
    const recurrence = { everyMs: EVERY_MS, afterChangeMs: AFTER_CHANGE_MS };
    this.rounds = new RecurringWork(logger, 'The count of reviews', () => this.count(), recurrence);
    const [pending, suspected] = ['lethe_gateways_review_pending', 'lethe_gateways_drift_suspected'] as const;
    this.pending = metrics.gauge(pending, 'Gateways with changes that wait for a review', [], 'max');
    const help = 'Gateways whose items may have changed since their verification';
    this.suspected = metrics.gauge(suspected, help, [], 'max');
    const [ending, unusable] = ['lethe_kept_credentials_ending', 'lethe_kept_credentials_unusable'] as const;
    this.ending = metrics.gauge(ending, `Kept credentials that end within ${ENDS_SOON}`, [], 'max');
    const why = 'Kept credentials that have ended, or are for another configuration';
    this.unusable = metrics.gauge(unusable, why, [], 'max');
    const seenRejected = 'Kept credentials that their upstreams have rejected in the last hour';
    this.rejected = metrics.gauge('lethe_kept_credentials_rejected', seenRejected, [], 'max');
  }

  start(): void {
    this.database.onCommit(() => this.rounds.soon());
    this.rounds.start();
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  /** Proxies say it, and it is not stored. */
  private async countRejected(): Promise<number> {
    const slugs = this.seen.rejecting;
    if (slugs.length === 0) return 0;
    const kept = await this.database.read((em) =>
      em.execute<{ slug: string; revision: number }[]>(KEPT_BY_SLUG, [`{${slugs.join(',')}}`]),
    );
    return kept.filter(({ slug, revision }) => this.seen.rejectedAt(slug, revision)).length;
  }

  private async count(): Promise<void> {
    const [row] = await this.database.read((em) => em.execute<Counts[]>(COUNTS));
    this.pending.set(Number(row?.pending ?? 0));
    this.suspected.set(Number(row?.suspected ?? 0));
    this.ending.set(Number(row?.ending ?? 0));
    this.unusable.set(Number(row?.unusable ?? 0));
    this.rejected.set(await this.countRejected());
  }
}
