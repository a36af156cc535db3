import type { JsonObject } from '@lethe/contracts';
import {
  eventMessage,
  isErrorFor,
  isObject,
  isResponseTo,
  nestsDeeperThan,
  parseJson,
  type ResponseKind,
  type RpcId,
  type SseEvent,
  SseSplitter,
} from '@lethe/mcp';
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
  id: RpcId,
  count: (bytes: number) => void,
  onOther: (message: JsonObject) => void = () => undefined,
): Promise<string> {
  const splitter = new SseSplitter();
  for await (const chunk of body) {
    count(chunk.length);
    for (const json of splitter.push(chunk).map(eventMessage)) {
      const message = json === undefined ? undefined : decodeMessage(json);
      if (json !== undefined && isResponseTo(id, message)) return json;
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

/**
 * The message in a body of this kind that answers request `id`. With an HTTP status of failure that is an error, which may
 * have no id.
 */
export function answerIn(text: string, kind: ResponseKind, id: RpcId): JsonObject | undefined {
  const message = decodeMessage(text);
  if (isResponseTo(id, message)) return kind === 'error' && message.error === undefined ? undefined : message;
  return kind === 'error' && isErrorFor(id, message) ? message : undefined;
}
