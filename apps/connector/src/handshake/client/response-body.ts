import type { JsonObject } from '@lethe/contracts';
import { isObject, nestsDeeperThan, parseJson, type SseEvent, SseSplitter } from '@lethe/mcp';
import { HandshakeFailure } from '../outcome/handshake-failure.js';
import { HANDSHAKE_LIMITS } from '../outcome/limits.js';

/** Counts the bytes that one handshake reads, against the limits for one response and for all of them. */
export class ByteBudget {
  private total = 0;

  /**
   * Returns a counter for one response.
   * @throws HandshakeFailure `upstream_too_large` from the counter, above a limit
   */
  startResponse(): (bytes: number) => void {
    let size = 0;
    return (bytes) => {
      size += bytes;
      this.total += bytes;
      if (size > HANDSHAKE_LIMITS.maxResponseBytes || this.total > HANDSHAKE_LIMITS.maxTotalBytes) {
        throw new HandshakeFailure('upstream_too_large');
      }
    };
  }
}

/** Reads the whole body as text, within the budget. */
export async function readText(body: AsyncIterable<Buffer>, count: (bytes: number) => void): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) {
    count(chunk.length);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * Reads an event stream up to the response to request `id`, then stops. Other messages are passed to `onOther`.
 * https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#sending-messages-to-the-server
 */
export async function readStreamedResponse(
  body: AsyncIterable<Buffer>,
  id: string | number,
  count: (bytes: number) => void,
  onOther: (message: JsonObject) => void = () => undefined,
): Promise<string> {
  const splitter = new SseSplitter();
  for await (const chunk of body) {
    count(chunk.length);
    for (const { data } of splitter.push(chunk)) {
      const message = data === undefined ? undefined : decodeMessage(data);
      if (data !== undefined && isResponseTo(id, message)) return data;
      if (message !== undefined) onOther(message);
    }
  }
  throw new HandshakeFailure('upstream_closed');
}

/** Reads the events of a stream that stays open. Each event may be as long as one response. */
export async function* readEvents(body: AsyncIterable<Buffer>, budget: ByteBudget): AsyncGenerator<SseEvent> {
  const splitter = new SseSplitter();
  let count = budget.startResponse();
  for await (const chunk of body) {
    count(chunk.length);
    const events = splitter.push(chunk);
    if (events.length > 0) count = budget.startResponse();
    yield* events;
  }
}

/** The JSON object in a text; `undefined` if it is not JSON, not an object, or nested too deeply. */
export function decodeMessage(text: string): JsonObject | undefined {
  if (nestsDeeperThan(text, HANDSHAKE_LIMITS.maxResponseDepth)) return undefined;
  const value = parseJson(text);
  return isObject(value) ? value : undefined;
}

/** Whether a message is the JSON-RPC response (result or error) to request `id`. */
export function isResponseTo(id: string | number | undefined, message: JsonObject | undefined): message is JsonObject {
  return message !== undefined && message.id === id && ('result' in message || 'error' in message);
}
