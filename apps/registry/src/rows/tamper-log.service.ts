import { LOGGER, type Logger, Metrics } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';

/** Logs and counts rows that somebody other than the registry changed. */
@Injectable()
export class TamperLog {
  private readonly found;

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.found = metrics.counter('lethe_rows_tampered_total', 'Rows that fail their authentication code', ['table']);
  }

  report(
    table: 'admin' | 'audit_entry' | 'gateway' | 'item_version' | 'virtual_server' | 'caller_key',
    key: string,
  ): void {
    this.found.inc({ table });
    this.logger.error({ table, key }, 'A row does not match its authentication code; it is not used');
  }
}
