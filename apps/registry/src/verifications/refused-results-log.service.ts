import { LOGGER, type Logger, Metrics } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { ResultProblem } from './receipt-checks.js';

/** Logs and counts results that changed nothing, with the reason. */
@Injectable()
export class RefusedResultsLog {
  private readonly refused;

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.refused = metrics.counter('lethe_results_refused_total', 'Results that changed nothing', ['reason']);
  }

  refuse(vid: string, reason: ResultProblem): void {
    this.refused.inc({ reason });
    this.logger.warn({ vid, reason }, 'A result changed nothing');
  }
}
