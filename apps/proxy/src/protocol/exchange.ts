import type { HeaderView } from '../http/request-headers.js';
import type { ReplySink } from '../http/response-writer.js';

/** The head of an HTTP request to a virtual server, admitted, and where its answer goes. */
interface Admitted {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly slug: string;
  readonly headers: HeaderView;
  readonly reply: ReplySink;
}

/** A request whose body nobody has read yet: it waits until its caller is known. */
export interface Arrival extends Admitted {
  /** Hands over the whole body, or says why there is none: LetheError `payload_too_large`, ClientGone. */
  readonly readBody: (whole: (body: Buffer) => void, failed: (error: Error) => void) => void;
}

/** A whole request of a caller who may have it read. */
export interface Exchange extends Admitted {
  /** Empty unless the method is POST. */
  readonly body: Buffer;
}
