import { type LetheError, type Logger, runCatching } from '@lethe/platform';
import { callerChallenge } from '../auth/caller-refusal.js';
import type { RefusedRequests } from '../auth/refused-requests.js';
import { ALLOWED_METHODS } from '../http/request/cors.js';
import { ClientDisconnected } from '../http/request/request-body.js';
import type { ResponseWriter } from '../http/response/response-writer.js';
import { retryAfterHeader } from '../http/response/stream-headers.js';
import { asLetheError, errorBody } from '../protocol/errors.js';
import { failureResponse } from '../request/failure-response.js';
import { isDecoded, type McpRequest } from '../request/mcp-request.js';
import { rejectionChallenge, rejectionStatus } from '../request/rejection-status.js';

/** Turns what was thrown on the MCP endpoint into a response; the only place that does. */
export class FailureSender {
  constructor(
    private readonly logger: Logger,
    private readonly refused: RefusedRequests,
  ) {}

  /**
   * Sends the error. A response that has begun is destroyed, so that the client sees that it is not complete.
   * @param request undefined when not even its head was admitted
   */
  send(response: ResponseWriter, request: McpRequest | undefined, thrown: unknown): void {
    if (thrown instanceof ClientDisconnected) return;
    const fail = (): void => response.destroy();
    runCatching(() => {
      const error = this.refused.refuse(response.request, asLetheError(thrown));
      this.log(request, error, thrown);
      // Others could find the end of such a request elsewhere (RFC 9112, section 6.3).
      if (error.code === 'header_illegal') response.endConnection();
      if (response.hasBegun) response.destroy();
      else response.whenParsed(() => runCatching(() => respond(response, request, error), fail));
    }, fail);
  }

  /** The call log has already logged the errors of its calls. */
  private log(request: McpRequest | undefined, { code }: LetheError, thrown: unknown): void {
    if (request?.startedAt !== undefined || code !== 'internal') return;
    this.logger.error({ err: thrown, route: '/servers/:slug/mcp' }, 'Request failed');
  }
}

function respond(response: ResponseWriter, request: McpRequest | undefined, error: LetheError): void {
  const server = request?.caller?.server;
  const status = rejectionStatus(error, server);
  const headers = status === undefined ? headersOf(error) : { 'www-authenticate': rejectionChallenge(error) };
  if (!request || !isDecoded(request)) {
    return response.sendJson(status ?? statusWithoutMessage(error), errorBody(error, null, server), headers);
  }
  const { httpStatus, json } = failureResponse(request, error);
  response.sendJson(httpStatus, json, headers);
}

/** Without a decoded message there is no JSON-RPC id, so the HTTP status must show the failure. */
function statusWithoutMessage({ status }: LetheError): number {
  return status === 200 ? 400 : status;
}

function headersOf(error: LetheError): Record<string, string> {
  if (error.code === 'caller_unknown') return { 'www-authenticate': callerChallenge(error.detail) };
  if (error.code === 'method_not_allowed') return { allow: ALLOWED_METHODS };
  return retryAfterHeader(error.detail['retryAfterSeconds'] ?? (error.status === 503 ? 1 : undefined));
}
