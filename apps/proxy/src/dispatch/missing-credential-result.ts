import type { LetheError } from '@lethe/platform';
import type { DecodedRequest } from '../request/mcp-request.js';

/** Member of `_meta` with the same facts as the `data` of the error that is told otherwise. */
const ERROR_META = 'lethe/error';

/**
 * JSON of the tool result that stands for the error of a missing credential, where the virtual server wants it so: models
 * read results, and seldom get to see errors. Undefined: it is told as an error.
 */
export function missingCredentialResult(
  { caller, message, era }: DecodedRequest,
  error: LetheError,
): string | undefined {
  const isCall = message.kind === 'request' && message.method === 'tools/call';
  const isTold = caller.server.manifest.missingCredential === 'result' && error.code === 'credential_required';
  if (!isCall || !isTold) return undefined;
  return JSON.stringify({
    ...era.resultMembers,
    content: [{ type: 'text', text: textOf(error.detail) }],
    isError: true,
    _meta: { [ERROR_META]: { reason: error.code, ...error.detail } },
  });
}

/** Says what to do, and what not: a credential that a model learns is no secret any more. */
function textOf({ gateway, header, shortHeader, scheme }: LetheError['detail']): string {
  const headers = [header, shortHeader].filter((name) => typeof name === 'string').join(' or ');
  const form = typeof scheme === 'string' ? ` (scheme ${scheme})` : '';
  return [
    `This tool needs the user's own credential for "${String(gateway)}", which was not sent; nothing was called.`,
    `Ask the user to make their MCP client send it in the header ${headers}${form}, then call again.`,
    'Do not ask for the credential itself, and do not put it into arguments.',
  ].join(' ');
}
