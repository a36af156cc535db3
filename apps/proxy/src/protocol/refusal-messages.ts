import type { ErrorDetail, LetheError } from '@lethe/platform';
import { callerRefusalSentence } from '../auth/caller-refusal.js';

/**
 * The message of an error about a header that the client's configuration sets, in one sentence for people; undefined for
 * other errors. It names headers and gateways, never a value.
 */
export function refusalMessage({ code, detail }: LetheError): string | undefined {
  if (code === 'caller_unknown') return callerRefusalSentence(detail);
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
