import type { RouteBook } from './route-table.js';
import { RouteFile } from './route-file.js';

/** The file of last time where another process of this proxy writes it. */
export class ReadOnlyRouteFile extends RouteFile {
  override async save(book: RouteBook): Promise<void> {
    book.unsaved.take();
  }
}
