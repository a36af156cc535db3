import type { HeaderView } from './header-view.js';
import type { ReplySink } from './reply-sink.js';

/** One admitted HTTP request to a virtual server, and where its answer goes. */
export interface Exchange {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly slug: string;
  readonly headers: HeaderView;
  /** Empty unless the method is POST. */
  readonly body: Buffer;
  readonly reply: ReplySink;
}
