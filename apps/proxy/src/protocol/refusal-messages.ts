import type { LetheError } from '@lethe/platform';
import { callerRefusalSentence } from '../auth/caller-refusal.js';

/** A client that is set to the older transport begins with GET. */
const WRONG_METHOD =
  'Send messages by POST and set the client to the transport Streamable HTTP, not SSE; GET opens the stream of a session ' +
  'and needs its Mcp-Session-Id';

/** The message of an error that a client gets before its message is read, in one sentence for people; undefined for other errors. */
export function refusalMessage({ code, detail }: LetheError): string | undefined {
  if (code === 'caller_unknown') return callerRefusalSentence(detail);
  return code === 'method_not_allowed' ? WRONG_METHOD : undefined;
}
