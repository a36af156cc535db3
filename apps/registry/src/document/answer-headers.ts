import type { OperationKind } from './implied-errors.js';

/** A response header as it stands in the document. */
interface HeaderForm {
  description: string;
  schema: { type: string };
}
type Headers = Record<string, HeaderForm>;

const header = (description: string): HeaderForm => ({ description, schema: { type: 'string' } });

const ETAG = {
  ETag: header('Tag of this content, for `If-None-Match`; of a resource that has a version, also for `If-Match`'),
};
const LOCATION = { Location: header('Path of what was made') };
const REPLAYED = {
  'Idempotency-Replayed': header('`true` if this is the answer to an earlier request with the same `Idempotency-Key`'),
};
const WAITED = {
  'Preference-Applied': header('`wait=<seconds>` if what was waited for is so'),
  'Lethe-Not-Applied': header('Hosts of the proxies that do not serve the change yet, at most 20'),
};

/** The headers of a success. */
export function answerHeaders(status: number, { method, isApi, headers }: OperationKind): Headers {
  const hasTag = isApi && (method === 'get' || (headers.includes('if-match') && status === 200));
  return {
    ...(hasTag && ETAG),
    ...(status === 201 && { ...ETAG, ...LOCATION }),
    ...(headers.includes('idempotency-key') && REPLAYED),
    ...(headers.includes('prefer') && WAITED),
  };
}

/** The headers of an error. */
export function errorHeaders(status: number): Headers {
  return {
    ...((status === 401 || status === 429) && {
      'WWW-Authenticate': header('What is wrong with the token (RFC 6750, section 3); after too many failures too'),
    }),
    ...((status === 429 || status === 503) && { 'Retry-After': header('Seconds until a repetition makes sense') }),
  };
}
