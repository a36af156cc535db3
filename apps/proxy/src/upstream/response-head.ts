import type { IncomingHttpHeaders } from 'node:http';
import {
  challengeFacts,
  isGetStream,
  isSuccess,
  type ResponseHeaders,
  responseKind,
  urlToRegister,
  waitSeconds,
} from '@lethe/mcp';
import { refusedCredential } from '../credentials/refused-credential.js';
import type { UpstreamAccess, UpstreamCredentials } from '../credentials/upstream-credentials.js';
import { LetheError } from '@lethe/platform';
import { upstreamFailed } from './upstream-errors.js';

/** The content of a response's body: the explanation of an HTTP error status, one JSON message, or a stream of events. */
export type BodyKind = 'error' | 'json' | 'event-stream';

/**
 * Reads the head of the response to a request that an upstream may answer with JSON or with a stream.
 * @throws LetheError `credential_required`, `upstream_rejected_credential`, `upstream_redirected`, `upstream_failed`
 */
export function bodyKind(credentials: UpstreamCredentials, status: number, headers: IncomingHttpHeaders): BodyKind {
  const failure = statusFailure(credentials, status, headers);
  if (failure) throw failure;
  const kind = responseKind(status, headers);
  if (kind === 'other') throw upstreamFailed(credentials.access, 'content_type', status);
  return kind;
}

/**
 * Accepts nothing but a stream of events.
 * @throws LetheError `credential_required`, `upstream_rejected_credential`, `upstream_redirected`, `upstream_failed`
 */
export function assertEventStream(
  credentials: UpstreamCredentials,
  status: number,
  headers: IncomingHttpHeaders,
): void {
  if (!isSuccess(status)) throw httpFailure(credentials, status, headers);
  if (bodyKind(credentials, status, headers) === 'event-stream') return;
  throw upstreamFailed(credentials.access, 'content_type', status);
}

/**
 * The same for a GET of the MCP endpoint.
 * @throws LetheError as `assertEventStream`
 */
export function assertGetStream(credentials: UpstreamCredentials, status: number, headers: IncomingHttpHeaders): void {
  if (!isGetStream(status, headers)) assertEventStream(credentials, status, headers);
}

/** What to do after the response to a GET that should open a stream. */
export type ReconnectDecision = 'open' | 'lost' | 'doubtful' | 'refused' | 'later';

/**
 * What the head of that response says.
 * - `lost`: the upstream has forgotten the session.
 * - `refused`: it offers no stream, or not to this client.
 * - `doubtful`: one of these two; a ping tells which.
 * - `later`: another attempt may succeed, for example once the upstream has noticed that the previous connection ended.
 */
export function reconnectDecision(
  status: number,
  headers: IncomingHttpHeaders,
  hasSession: boolean,
): ReconnectDecision {
  if (isSuccess(status)) return isGetStream(status, headers) ? 'open' : 'refused';
  if (status === 404 && hasSession) return 'lost';
  if (status === 400 && hasSession) return 'doubtful';
  return status === 409 || status === 429 || status >= 500 ? 'later' : 'refused';
}

/**
 * The error for an HTTP status that no response body can explain better. An upstream's 401 never becomes the gateway's own,
 * and its challenge is never relayed. Undefined for other statuses.
 * @param path what was requested, if that need not be the registered URL
 */
export function statusFailure(
  credentials: UpstreamCredentials,
  status: number,
  headers: ResponseHeaders,
  path?: string,
): LetheError | undefined {
  if (status === 401 || status === 403) {
    const { origin } = credentials.access.gateway.target;
    return refusedCredential(credentials, status, challengeFacts(headers, origin));
  }
  return status >= 300 && status < 400 ? redirected(credentials.access, status, headers, path) : undefined;
}

/** The error for any HTTP status of failure when the response body is not read, or explains nothing. */
export function httpFailure(
  credentials: UpstreamCredentials,
  status: number,
  headers: ResponseHeaders,
  path?: string,
): LetheError {
  const failure = statusFailure(credentials, status, headers, path);
  if (failure) return failure;
  if (status !== 429 && status !== 503) return upstreamFailed(credentials.access, 'http_status', status);
  const retryAfterSeconds = waitSeconds(status, headers, Date.now());
  return new LetheError(status === 429 ? 'upstream_rate_limited' : 'upstream_unavailable', {
    gateway: credentials.access.gateway.slug,
    httpStatus: status,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}

function redirected({ gateway }: UpstreamAccess, status: number, headers: ResponseHeaders, path?: string): LetheError {
  const { target, slug } = gateway;
  const registered = `${target.origin}${target.path}${target.query === '' ? '' : `?${target.query}`}`;
  const isOther = path !== undefined && path.split('?', 1)[0] !== target.path;
  const registerUrl = isOther ? undefined : urlToRegister(registered, status, headers);
  const detail = { gateway: slug, httpStatus: status, ...(registerUrl !== undefined && { registerUrl }) };
  return new LetheError('upstream_redirected', detail);
}

/** What a server, or a balancer in front of it, says when it can't answer. */
const DOWN: ReadonlySet<unknown> = new Set([502, 503, 504]);

/** Whether this HTTP status means that the upstream is down. */
export function isDownStatus(status: unknown): boolean {
  return DOWN.has(status);
}
