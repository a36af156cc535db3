import type { ErrorDetail, LetheError } from '@lethe/platform';
import { callerRefusalSentence } from '../auth/caller-refusal.js';

/** A client that is set to the older transport begins with GET. */
const WRONG_METHOD =
  'Send messages by POST and set the client to the transport Streamable HTTP, not SSE; GET opens the stream of a session ' +
  'and needs its Mcp-Session-Id';

/**
 * The message of an error about a header or method that the client's configuration sets, in one sentence for people; undefined for
 * other errors. It names headers and gateways, never a value.
 */
export function refusalMessage({ code, detail }: LetheError): string | undefined {
  if (code === 'caller_unknown') return callerRefusalSentence(detail);
  if (code === 'method_not_allowed') return WRONG_METHOD;
  return code === 'credential_malformed' ? unsetVariableSentence(detail) : undefined;
}

function unsetVariableSentence({ gateway, header, rule, notation }: ErrorDetail): string | undefined {
  const named = `The header ${String(header)}, which is for "${String(gateway)}",`;
  if (rule === 'empty') return `${named} is empty; if it comes from a variable of the client, set that`;
  if (rule !== 'unexpanded_variable') return undefined;
  return (
    `${named} contains a variable, written as ${String(notation)}, that the client did not replace: set the variable, or ` +
    'write it in the notation of this client'
  );
}
