import { encodeResult } from '@lethe/mcp';
import type { LetheError } from '@lethe/platform';
import type { ResponseWriter } from '../http/response-writer.js';
import { asLetheError, errorBody } from '../protocol/errors.js';
import { idOf } from '../request/decode-message.js';
import { isDecoded, type McpRequest } from '../request/mcp-request.js';
import { missingCredentialResult } from './missing-credential-result.js';

/**
 * Turns what was thrown on the MCP endpoint into a response; the only place that does. A response that has begun is cut.
 * @param request undefined when not even its head was admitted
 */
export function sendFailure(response: ResponseWriter, request: McpRequest | undefined, thrown: unknown): void {
  if (response.hasBegun) return response.destroy();
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

/** Without a message to respond to, HTTP alone has to say that it went wrong. */
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
  if (error.code === 'method_not_allowed') return { allow: 'POST, DELETE' };
  if (error.code === 'payload_too_large') return { connection: 'close' };
  return error.status === 503 ? { 'retry-after': '1' } : {};
}
