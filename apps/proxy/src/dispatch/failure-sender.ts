import { encodeResult } from '@lethe/mcp';
import { type LetheError, type Logger, runCatching } from '@lethe/platform';
import { ALLOWED_METHODS } from '../http/request/cors.js';
import { ClientDisconnected } from '../http/request/request-body.js';
import type { ResponseWriter } from '../http/response/response-writer.js';
import { asLetheError, errorBody } from '../protocol/errors.js';
import { idOf } from '../request/decode-message.js';
import { isDecoded, type McpRequest } from '../request/mcp-request.js';
import { missingCredentialResult } from './missing-credential-result.js';

/** Turns what was thrown on the MCP endpoint into a response; the only place that does. */
export class FailureSender {
  constructor(private readonly logger: Logger) {}

  /**
   * Sends the error. A response that has begun is destroyed, so that the client sees that it is not complete.
   * @param request undefined when not even its head was admitted
   */
  send(response: ResponseWriter, request: McpRequest | undefined, thrown: unknown): void {
    if (thrown instanceof ClientDisconnected) return;
    const fail = (): void => response.destroy();
    runCatching(() => {
      this.log(request, thrown);
      // Others could find the end of such a request elsewhere (RFC 9112, section 6.3).
      if (asLetheError(thrown).code === 'header_illegal') response.endConnection();
      if (response.hasBegun) response.destroy();
      else response.whenParsed(() => runCatching(() => respond(response, request, thrown), fail));
    }, fail);
  }

  /** The call log has already logged the errors of its calls. */
  private log(request: McpRequest | undefined, thrown: unknown): void {
    const isLogged = request?.startedAt !== undefined;
    if (isLogged || asLetheError(thrown).code !== 'internal') return;
    this.logger.error({ err: thrown, route: '/servers/:slug/mcp' }, 'Request failed');
  }
}

function respond(response: ResponseWriter, request: McpRequest | undefined, thrown: unknown): void {
  const error = asLetheError(thrown);
  if (!request || !isDecoded(request)) {
    return response.sendJson(statusWithoutMessage(error), errorBody(error, null), headersOf(error));
  }
  const { message, era } = request;
  const id = idOf(message);
  const resultJson = missingCredentialResult(request, error);
  if (id !== null && resultJson !== undefined) return response.sendJson(200, encodeResult(id, resultJson));
  response.sendJson(era.httpStatus(error), errorBody(error, id, era.rpcCode(error)), headersOf(error));
}

/** Without a decoded message there is no JSON-RPC id, so the HTTP status must show the failure. */
function statusWithoutMessage({ status }: LetheError): number {
  return status === 200 ? 400 : status;
}

function headersOf(error: LetheError): Record<string, string> {
  if (error.code === 'caller_unknown') {
    const metadata = error.detail['resourceMetadata'];
    return {
      'www-authenticate':
        typeof metadata === 'string' ? `Bearer resource_metadata="${metadata}"` : 'Bearer realm="lethe"',
    };
  }
  if (error.code === 'method_not_allowed') return { allow: ALLOWED_METHODS };
  return error.status === 503 ? { 'retry-after': '1' } : {};
}
