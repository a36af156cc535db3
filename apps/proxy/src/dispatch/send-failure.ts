import { encodeResult } from '@lethe/mcp';
import type { LetheError } from '@lethe/platform';
import type { ResponseWriter } from '../http/response-writer.js';
import { asLetheError, errorBody } from '../protocol/errors.js';
import { idOf } from '../request/decode-message.js';
import { isDecoded, type McpRequest } from '../request/mcp-request.js';
import { missingCredentialResult } from './missing-credential-result.js';

/**
 * Sends the error response of the MCP endpoint. Closes the connection instead if a response has already begun.
 * @param request undefined if the HTTP head was rejected
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
  if (error.code === 'method_not_allowed') return { allow: 'POST, DELETE' };
  if (error.code === 'payload_too_large') return { connection: 'close' };
  return error.status === 503 ? { 'retry-after': '1' } : {};
}
