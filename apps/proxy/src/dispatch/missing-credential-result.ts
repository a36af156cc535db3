import type { LetheError } from '@lethe/platform';
import type { DecodedRequest } from '../request/mcp-request.js';

/** Member of `_meta` with the content that the error's `data` would have. */
const ERROR_META = 'lethe/error';

/**
 * JSON of the tool result that replaces the error about a missing credential, if the virtual server is configured so:
 * models read results, but rarely see JSON-RPC errors. Undefined if the error is to be sent.
 */
export function missingCredentialResult(
  { caller, message, era }: DecodedRequest,
  error: LetheError,
): string | undefined {
  const isCall = message.kind === 'request' && message.method === 'tools/call';
  const isReplaced = caller.server.manifest.missingCredential === 'result' && error.code === 'credential_required';
  if (!isCall || !isReplaced) return undefined;
  return JSON.stringify({
    ...era.resultMembers,
    content: [{ type: 'text', text: textOf(error.detail) }],
    isError: true,
    _meta: { [ERROR_META]: { reason: error.code, ...error.detail } },
  });
}

/** Also says what not to do: a credential must not reach the model. */
function textOf({ gateway, header, shortHeader, scheme }: LetheError['detail']): string {
  const headers = [header, shortHeader].filter((name) => typeof name === 'string').join(' or ');
  const form = typeof scheme === 'string' ? ` (scheme ${scheme})` : '';
  return [
    `This tool needs the user's own credential for "${String(gateway)}", which was not sent; nothing was called.`,
    `Ask the user to make their MCP client send it in the header ${headers}${form}, then call again.`,
    'Do not ask for the credential itself, and do not put it into arguments.',
  ].join(' ');
}
