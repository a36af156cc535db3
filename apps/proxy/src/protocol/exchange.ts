import type { RequestHeaders } from '../http/request-headers.js';
import type { ResponseWriter } from '../http/response-writer.js';

/** The head of an HTTP request to a virtual server, admitted, and where its answer goes. */
interface Admitted {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly slug: string;
  readonly headers: RequestHeaders;
  readonly response: ResponseWriter;
}

/** A request whose body nobody has read yet: it waits until its caller is known. */
export interface IncomingRequest extends Admitted {
  /** Hands over the whole body, or says why there is none: LetheError `payload_too_large`, ClientGone. */
  readonly readBody: (whole: (body: Buffer) => void, failed: (error: Error) => void) => void;
}

/** A whole request of a caller who may have it read. */
export interface McpHttpRequest extends Admitted {
  /** Empty unless the method is POST. */
  readonly body: Buffer;
}
