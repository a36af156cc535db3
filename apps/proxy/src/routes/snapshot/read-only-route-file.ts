import type { RouteTable } from './route-table.js';
import { RouteFile } from './route-file.js';

/** The file of last time where another process of this proxy writes it. */
export class ReadOnlyRouteFile extends RouteFile {
  override async save(table: RouteTable): Promise<void> {
    table.dirtyKeys.drain();
  }
}
