import { encodeResult, ERROR_META, type RpcId } from '@lethe/mcp';
import type { ErrorCode, LetheError } from '@lethe/platform';
import { messageOf } from '../protocol/error-messages.js';
import { errorBody, toldError } from '../protocol/errors.js';
import { idOf } from './decode-message.js';
import type { DecodedRequest } from './mcp-request.js';
import { rejectionStatus } from './rejection-status.js';

/** What a model can be told about a credential: its user can put it right. */
const ABOUT_CREDENTIAL: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'credential_required',
  'credential_ambiguous',
  'credential_malformed',
  'dpop_proofs_used_up',
  'upstream_rejected_credential',
  'kept_credential_rejected',
  'kept_credential_only',
  'kept_not_granted',
]);

/** The response to a request that failed. */
export interface FailureResponse {
  readonly httpStatus: number;
  readonly json: string;
}

/**
 * The response to a request that failed: a JSON-RPC error. About the credential for a tool it is a tool result, unless the
 * virtual server is set otherwise: models read results, but rarely see JSON-RPC errors.
 */
export function failureResponse(request: DecodedRequest, error: LetheError): FailureResponse {
  const { message, era, caller } = request;
  const id = idOf(message);
  if (id !== null && isToldAsResult(request, error)) {
    return { httpStatus: 200, json: resultJson(request, id, error) };
  }
  const json = errorBody(error, id, caller.server, era.rpcCode(error));
  return { httpStatus: rejectionStatus(error, caller.server) ?? era.httpStatus(error), json };
}

/** Whether an error is told as the result of a tool. */
export function isToldAsResult({ caller, message }: DecodedRequest, error: LetheError): boolean {
  const isCall = message.kind === 'request' && message.method === 'tools/call';
  if (!isCall || !ABOUT_CREDENTIAL.has(error.code) || rejectionStatus(error, caller.server)) return false;
  return caller.server.manifest.missingCredential !== 'error';
}

function resultJson({ caller, era }: DecodedRequest, id: RpcId, error: LetheError): string {
  const result = {
    ...era.resultMembers,
    content: [{ type: 'text', text: `${messageOf(error, caller.server)}. ${adviceFor(error)}` }],
    isError: true,
    _meta: { [ERROR_META]: toldError(error, caller.server) },
  };
  return encodeResult(id, JSON.stringify(result));
}

/** Also says what not to do: a credential must not reach the model. */
function adviceFor({ detail }: LetheError): string {
  const before = detail['httpStatus'] === undefined ? 'The tool did not run. ' : '';
  if (detail['header'] === undefined) return `${before}Tell the user; calling again does not help.`;
  const logIn = detail['oauth'] === undefined ? '' : 'log in, or ';
  return (
    `${before}Ask the user to ${logIn}correct the headers of their MCP client, then call again. ` +
    'Do not ask for the credential itself, and do not put it into arguments.'
  );
}
