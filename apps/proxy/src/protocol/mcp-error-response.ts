import type { JsonObject } from '@lethe/contracts';
import { encodeError, encodeResult, isObject, parseJson, type RpcId } from '@lethe/mcp';
import { ERRORS, LetheError } from '@lethe/platform';
import type { EraRules } from './era-rules.js';
import type { ResponseWriter } from '../http/response-writer.js';

/** A failure of a message that could be read: whose it is, and in which era's form it is told. */
export class McpErrorResponse extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly error: LetheError,
    readonly id: RpcId | null,
    readonly era: EraRules,
    /** JSON of a result that is told in the error's stead. */
    readonly resultJson?: string,
  ) {
    super(error.message, { cause: error });
  }
}

/** What is not a `LetheError` says nothing about itself. */
export function asLetheError(thrown: unknown): LetheError {
  if (thrown instanceof McpErrorResponse) return thrown.error;
  return thrown instanceof LetheError ? thrown : new LetheError('internal', {}, { cause: thrown });
}

/** The JSON-RPC form of a failure; `reason` is the stable code, the rest of `data` its safe detail. */
export function errorBody(error: LetheError, id: RpcId | null, code = error.rpc): string {
  return encodeError(id, { ...errorOf(error), code });
}

/** As `errorBody`, the error object alone. */
export function errorOf(error: LetheError): { code: number; message: string; data: JsonObject } {
  const data = { reason: error.code, ...error.detail };
  return { code: error.rpc, message: ERRORS[error.code].message, data: toJson(data) };
}

function toJson(data: object): JsonObject {
  const json = parseJson(JSON.stringify(data));
  return isObject(json) ? json : {};
}

/** The one place where what was thrown on the MCP endpoint turns into an answer. */
export function sendFailure(response: ResponseWriter, thrown: unknown): void {
  const error = asLetheError(thrown);
  const { id, status, code } =
    thrown instanceof McpErrorResponse
      ? { id: thrown.id, status: thrown.era.httpStatus(error), code: thrown.era.rpcCode(error) }
      : { id: null, status: statusAlone(error), code: error.rpc };
  if (response.hasBegun) return response.destroy();
  if (thrown instanceof McpErrorResponse && thrown.resultJson !== undefined && id !== null) {
    return response.sendJson(200, encodeResult(id, thrown.resultJson));
  }
  response.sendJson(status, errorBody(error, id, code), headersOf(error));
}

/** Without a message to answer, HTTP alone has to say that it went wrong. */
function statusAlone({ status }: LetheError): number {
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
