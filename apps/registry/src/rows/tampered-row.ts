import { LetheError } from '@lethe/platform';
import type { TamperedTable } from './tamper-log.service.js';

/** Which row somebody other than the registry changed: the cause of an error, which is not sent. */
export class TamperedRow {
  constructor(
    readonly table: TamperedTable,
    readonly key: string,
  ) {}
}

/** The error of a request that needs such a row. @param table which one is named to clients */
export function rowTampered(row: TamperedRow, table: string = row.table): LetheError {
  return new LetheError('row_tampered', { table }, { cause: row });
}
