import type { IncomingMessage } from 'node:http';
import {
  eventMessage,
  isErrorFor,
  isObject,
  isSuccess,
  messageText,
  parseJson,
  responseKind,
  type RpcId,
  scanMessage,
  type SseEvent,
  SseSplitter,
} from '@lethe/mcp';
import { chunksOf } from './lethe-connection.js';

/** Longer bodies are passed on as they come, and not kept. */
const MAX_KEPT_BYTES = 1024 * 1024;
/** Lethe sends a comment every 15 seconds on a stream that is quiet. */
export const STREAM_STALL_MS = 60_000;
/** Time in which a call may say nothing: as long as Lethe itself waits, and more. */
const BODY_STALL_MS = 600_000;
/** The same within a long message, which others wait for. */
const LONG_STALL_MS = 30_000;
/** What is left of a stream behind its response. */
const AFTERWARDS_MS = 1_000;
const MAX_ERROR_BYTES = 1024 * 1024;

/** Where the messages of a response go. */
export interface MessageSink {
  /** A whole message. `isResponse`: it answers the request, so it is the last one. */
  message(json: string, isResponse: boolean): Promise<void>;
  /** The response, too long to be kept. */
  long(chunks: AsyncIterable<Buffer>): Promise<void>;
}

/** How a response ended. */
export type Ending =
  | { readonly as: 'answered' }
  /** Without a response, which may be asked for from the last event on. */
  | { readonly as: 'cut'; readonly lastEventId: string | undefined; readonly retryMs: number | undefined };

const ANSWERED: Ending = { as: 'answered' };

/** Reads the response to a request, and passes on its messages. @throws Error of the connection */
export async function readResponse(response: IncomingMessage, id: RpcId, sink: MessageSink): Promise<Ending> {
  const { statusCode = 0, headers } = response;
  switch (responseKind(statusCode, headers)) {
    case 'json':
      return readJson(response, sink);
    case 'event-stream':
      return readEvents(response, BODY_STALL_MS, (json, isResponse) => sink.message(json, isResponse));
    case 'error':
      await sink.message(await errorText(response, id), true);
      return ANSWERED;
    case 'other':
      response.destroy();
      return { as: 'cut', lastEventId: undefined, retryMs: undefined };
  }
}

/** Reads a stream of events to its end. */
export async function readEvents(
  response: IncomingMessage,
  mostMs: number,
  onMessage: (json: string, isResponse: boolean) => Promise<void>,
): Promise<Ending> {
  const splitter = new SseSplitter();
  let last: Pick<SseEvent, 'id' | 'retryMs'> = { id: undefined, retryMs: undefined };
  let isAnswered = false;
  try {
    // To the end also behind the response, so that the connection can be used again.
    for await (const chunk of chunksOf(response, () => (isAnswered ? AFTERWARDS_MS : mostMs))) {
      for (const event of splitter.push(chunk)) {
        last = { id: event.id ?? last.id, retryMs: event.retryMs ?? last.retryMs };
        const json = eventMessage(event);
        if (json === undefined) continue;
        const isResponse = answersRequest(json);
        isAnswered ||= isResponse;
        await onMessage(json, isResponse);
      }
    }
  } catch (error) {
    if (last.id === undefined && !isAnswered) throw error;
  }
  if (isAnswered) return ANSWERED;
  return { as: 'cut', lastEventId: last.id, retryMs: last.retryMs };
}

async function readJson(response: IncomingMessage, sink: MessageSink): Promise<Ending> {
  const kept: Buffer[] = [];
  let size = 0;
  const chunks = chunksOf(response, () => (size > MAX_KEPT_BYTES ? LONG_STALL_MS : BODY_STALL_MS));
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
    kept.push(next.value);
    size += next.value.length;
    if (size <= MAX_KEPT_BYTES) continue;
    await sink.long(joined(kept, chunks));
    return ANSWERED;
  }
  await sink.message(messageText(Buffer.concat(kept).toString('utf8')), true);
  return ANSWERED;
}

async function* joined(kept: Buffer[], rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  yield Buffer.concat(kept.splice(0));
  yield* rest;
}

/** Whether a message answers a request: only responses have no method. */
function answersRequest(json: string): boolean {
  const scan = scanMessage(json, Infinity, true);
  return scan.ok && scan.spans.get('method') === undefined && scan.spans.get('id') !== undefined;
}

/** The body of a failure as a JSON-RPC error; what is none is said in words. */
async function errorText(response: IncomingMessage, id: RpcId): Promise<string> {
  const { statusCode = 0 } = response;
  const text = await shortText(response);
  const body = parseJson(text);
  if (isErrorFor(id, body)) return JSON.stringify({ ...body, id });
  const said = isObject(body) ? (body['detail'] ?? body['title']) : undefined;
  const message = typeof said === 'string' ? said : `Lethe answered with HTTP ${statusCode}`;
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32603, message } });
}

async function shortText(response: IncomingMessage): Promise<string> {
  const kept: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunksOf(response, () => LONG_STALL_MS)) {
    size += chunk.length;
    if (size > MAX_ERROR_BYTES) break;
    kept.push(chunk);
  }
  return Buffer.concat(kept).toString('utf8');
}

/** Whether a message that has no response was taken. Its body says nothing. */
export function isTaken(response: IncomingMessage): boolean {
  response.resume();
  return isSuccess(response.statusCode ?? 0);
}
