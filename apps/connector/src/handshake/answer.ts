import type { JsonObject } from '@lethe/contracts';
import { isObject, nestsDeeperThan, parseJson, type SseEvent, SseSplitter } from '@lethe/mcp';
import { HandshakeFailure } from './handshake-failure.js';
import { HANDSHAKE_LIMITS } from './limits.js';

/** Counts what one handshake reads; throws `upstream_too_large` past either bound. */
export class ByteBudget {
  private total = 0;

  /** A counter for one answer. */
  answer(): (bytes: number) => void {
    let size = 0;
    return (bytes) => {
      size += bytes;
      this.total += bytes;
      if (size > HANDSHAKE_LIMITS.maxAnswerBytes || this.total > HANDSHAKE_LIMITS.maxTotalBytes) {
        throw new HandshakeFailure('upstream_too_large');
      }
    };
  }
}

/** The whole body as text, within the budget. */
export async function readText(body: AsyncIterable<Buffer>, count: (bytes: number) => void): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) {
    count(chunk.length);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * Reads an event stream until the response to request `id` and stops there; what else the stream says is not for us.
 * https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#sending-messages-to-the-server
 */
export async function readStreamedAnswer(
  body: AsyncIterable<Buffer>,
  id: string | number,
  count: (bytes: number) => void,
): Promise<string> {
  const splitter = new SseSplitter();
  for await (const chunk of body) {
    count(chunk.length);
    const answer = splitter.push(chunk).find(({ data }) => data !== undefined && isAnswerTo(id, decodeAnswer(data)));
    if (answer?.data !== undefined) return answer.data;
  }
  throw new HandshakeFailure('upstream_closed');
}

/** The events of a stream that stays open; each may be as long as one answer. */
export async function* readEvents(body: AsyncIterable<Buffer>, budget: ByteBudget): AsyncGenerator<SseEvent> {
  const splitter = new SseSplitter();
  let count = budget.answer();
  for await (const chunk of body) {
    count(chunk.length);
    const events = splitter.push(chunk);
    if (events.length > 0) count = budget.answer();
    yield* events;
  }
}

/** The JSON object of an answer; `undefined` when it is not JSON, not an object, or nested beyond reason. */
export function decodeAnswer(text: string): JsonObject | undefined {
  if (nestsDeeperThan(text, HANDSHAKE_LIMITS.maxAnswerDepth)) return undefined;
  const value = parseJson(text);
  return isObject(value) ? value : undefined;
}

/** Whether a message is the JSON-RPC response (result or error) to request `id`. */
export function isAnswerTo(id: string | number | undefined, message: JsonObject | undefined): message is JsonObject {
  return message !== undefined && message.id === id && ('result' in message || 'error' in message);
}
