import { isObject } from '@lethe/mcp';

/** A longer error is not read. */
const MAX_LENGTH = 16 * 1024;

/** Passes on the code of a response that is a JSON-RPC error. A result is not read: it has the member `result`. */
export function noteRefusal(json: string, refused: (code: number) => void): void {
  if (json.length > MAX_LENGTH || json.includes('"result":')) return;
  const message: unknown = parsed(json);
  const error = isObject(message) ? message['error'] : undefined;
  const code = isObject(error) ? error['code'] : undefined;
  if (typeof code === 'number') refused(code);
}

/** What was relayed to the client need not be JSON for Lethe. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
