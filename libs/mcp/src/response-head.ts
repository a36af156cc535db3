/** Headers of a response by their names in lower case; a repeated one may be a list. */
export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/**
 * How the body of the response to a request is read: as one JSON message, as a stream of events, as the explanation of a
 * failure, or not at all.
 */
export type ResponseKind = 'json' | 'event-stream' | 'error' | 'other';

const EVENT_STREAM = 'text/event-stream';

/**
 * Reads the head of the response to a request. Verifications and calls use this alike, and it decides as the official SDKs
 * do: any status of success counts, but 202 and those without a body; the media type must be named.
 */
export function responseKind(status: number, headers: ResponseHeaders): ResponseKind {
  if (!hasResponse(status)) return 'error';
  const type = mediaType(headers);
  if (type === 'application/json') return 'json';
  return type === EVENT_STREAM ? 'event-stream' : 'other';
}

/** Whether a status means success. */
export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** Whether the body is announced as a stream of events. */
export function isEventStream(headers: ResponseHeaders): boolean {
  return mediaType(headers) === EVENT_STREAM;
}

/**
 * Whether the response to a GET of the MCP endpoint is a stream of events. The official SDKs look at the status alone, so no
 * media type is needed; but with another one, or without a body, the upstream offers no stream.
 */
export function isGetStream(status: number, headers: ResponseHeaders): boolean {
  if (!hasResponse(status)) return false;
  const type = mediaType(headers);
  return type === EVENT_STREAM || (type === '' && headers['content-length'] !== '0');
}

function hasResponse(status: number): boolean {
  return isSuccess(status) && status !== 202 && status !== 204 && status !== 205;
}

/** The media type in lower case, without parameters (RFC 9110, section 8.3.1); empty when there is none. */
function mediaType(headers: ResponseHeaders): string {
  const given = String(headers['content-type'] ?? '');
  const end = given.indexOf(';');
  return (end === -1 ? given : given.slice(0, end)).trim().toLowerCase();
}
