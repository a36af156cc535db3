import type { IncomingHttpHeaders } from 'node:http';
import type { UpstreamAccess } from '../credentials/upstream-credentials.js';
import { LetheError } from '@lethe/platform';
import { challengeScheme } from './challenge.js';
import { upstreamFailed } from './upstream-errors.js';

const EVENT_STREAM = 'text/event-stream';

/** The content of a response's body: the explanation of an HTTP error status, one JSON message, or a stream of events. */
export type BodyKind = 'error' | 'json' | 'event-stream';

/**
 * Reads the head of the response to a request that an upstream may answer with JSON or with a stream.
 * @throws LetheError `upstream_rejected_credential`, `upstream_redirected`, `upstream_failed`
 */
export function bodyKind(access: UpstreamAccess, status: number, headers: IncomingHttpHeaders): BodyKind {
  const failure = statusFailure(access, status, headers);
  if (failure) throw failure;
  if (isEncoded(headers)) throw upstreamFailed(access, 'content_encoding');
  if (status !== 200) return 'error';
  const type = mediaType(headers);
  if (type === 'application/json') return 'json';
  if (type === EVENT_STREAM) return 'event-stream';
  throw upstreamFailed(access, 'content_type', status);
}

/**
 * Accepts nothing but a stream of events.
 * @throws LetheError `upstream_rejected_credential`, `upstream_redirected`, `upstream_failed`
 */
export function assertEventStream(access: UpstreamAccess, status: number, headers: IncomingHttpHeaders): void {
  if (status !== 200) throw httpFailure(access, status, headers);
  if (bodyKind(access, status, headers) !== 'event-stream') throw upstreamFailed(access, 'content_type', status);
}

/** What to do after the response to a GET that should open a stream. */
export type ReconnectDecision = 'open' | 'lost' | 'doubtful' | 'refused' | 'later';

/**
 * `lost`: the upstream has forgotten the session. `doubtful`: it has, or `refused`. `refused`: it offers no stream, or not to this client. `later`: another
 * attempt may succeed, for example once the upstream has noticed that the previous connection ended.
 */
export function reconnectDecision(
  status: number,
  headers: IncomingHttpHeaders,
  hasSession: boolean,
): ReconnectDecision {
  if (status === 200) return isEventStream(headers) && !isEncoded(headers) ? 'open' : 'refused';
  if (status === 404 && hasSession) return 'lost';
  if (status === 400 && hasSession) return 'doubtful';
  return status === 409 || status === 429 || status >= 500 ? 'later' : 'refused';
}

/** Whether the body is announced as a stream of events. */
export function isEventStream(headers: IncomingHttpHeaders): boolean {
  return mediaType(headers) === EVENT_STREAM;
}

/** Whether the body is compressed. Every request asks for `identity`, and compressed bodies can't be read (RFC 9110, section 8.4). */
export function isEncoded(headers: IncomingHttpHeaders): boolean {
  return (headers['content-encoding'] ?? 'identity') !== 'identity';
}

/** The media type in lower case, without parameters (RFC 9110, section 8.3.1); empty when there is none. */
function mediaType(headers: IncomingHttpHeaders): string {
  const given = headers['content-type'] ?? '';
  const end = given.indexOf(';');
  return (end === -1 ? given : given.slice(0, end)).trim().toLowerCase();
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * The error for an HTTP status that no response body can explain better. An upstream's 401 never becomes the gateway's own,
 * and its challenge is never relayed. Undefined for other statuses.
 */
export function statusFailure(access: UpstreamAccess, status: number, headers: Headers): LetheError | undefined {
  const gateway = access.gateway.slug;
  if (status === 401 || status === 403) {
    const scheme = challengeScheme(headers['www-authenticate']);
    return new LetheError('upstream_rejected_credential', {
      gateway,
      httpStatus: status,
      headers: access.gateway.passthroughHeaders.map(({ exactName }) => exactName),
      ...(scheme !== undefined && { challenge: { scheme } }),
    });
  }
  if (status >= 300 && status < 400) return new LetheError('upstream_redirected', { gateway, httpStatus: status });
  return undefined;
}

/** The error for any HTTP status of failure when the response body is not read. */
export function httpFailure(access: UpstreamAccess, status: number, headers: Headers): LetheError {
  return statusFailure(access, status, headers) ?? upstreamFailed(access, 'http_status', status);
}
