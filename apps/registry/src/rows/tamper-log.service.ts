import { LOGGER, type Logger, Metrics } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';

/** Tables whose rows are checked. Of `outbox_message`, the values of kept credentials and manifests. */
export type TamperedTable =
  | 'admin'
  | 'audit_entry'
  | 'caller_key'
  | 'gateway'
  | 'item_version'
  | 'kept_credential'
  | 'outbox_message'
  | 'virtual_server';

/** Logs and counts rows that somebody other than the registry changed. */
@Injectable()
export class TamperLog {
  private readonly found;
  private readonly listeners = new Set<(table: TamperedTable, key: string) => void>();

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.found = metrics.counter('lethe_rows_tampered_total', 'Rows that fail their authentication code', ['table']);
  }

  /** Calls `listener` with each row, as often as it is found. */
  onFound(listener: (table: TamperedTable, key: string) => void): void {
    this.listeners.add(listener);
  }

  report(table: TamperedTable, key: string): void {
    this.found.inc({ table });
    for (const listener of this.listeners) listener(table, key);
    this.logger.error({ table, key }, 'A row does not match its authentication code; it is not used');
  }
}
