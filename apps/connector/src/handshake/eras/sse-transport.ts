import type { SseEvent } from '@lethe/mcp';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { type JSONRPCMessage, JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js';
import { decodeAnswer, isAnswerTo } from '../client/response-body.js';
import type { Dialler, OpenStream } from '../client/guarded-client.js';
import { HandshakeFailure } from '../outcome/handshake-failure.js';
import { failureOf } from '../client/network-error.js';

/**
 * The HTTP+SSE transport over the dialler: messages are posted to the endpoint that the stream names first, and answered
 * on the stream. The SDK's own would open the stream again and again.
 * https://modelcontextprotocol.io/specification/2024-11-05/basic/transports#http-with-sse
 */
export class SseTransport implements Transport {
  onmessage?: (message: JSONRPCMessage) => void;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  private awaited: string | number | undefined;
  private isClosed = false;

  constructor(
    private readonly dialler: Dialler,
    private readonly stream: OpenStream,
    private readonly events: AsyncIterator<SseEvent>,
    private readonly endpoint: URL,
  ) {}

  async start(): Promise<void> {
    void this.pump();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if ('method' in message && 'id' in message) this.awaited = message.id;
    await this.dialler.postTo(this.endpoint, JSON.stringify(message));
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.stream.close();
    this.onclose?.();
  }

  private async pump(): Promise<void> {
    try {
      for (let next = await this.events.next(); next.done !== true; next = await this.events.next()) {
        this.take(next.value.data);
      }
      if (!this.isClosed) this.dialler.note(new HandshakeFailure('upstream_closed'));
    } catch (error) {
      if (!this.isClosed) this.dialler.note(failureOf(error));
    }
    await this.close();
  }

  /** The SDK reads strictly: an answer that it would not take still ends the request it is for. */
  private take(data: string | undefined): void {
    const message = data === undefined ? undefined : decodeAnswer(data);
    const { awaited: id } = this;
    const isAwaited = id !== undefined && isAnswerTo(id, message);
    if (isAwaited) this.dialler.lastAnswer = { httpStatus: 200, message };
    const { data: known } = JSONRPCMessageSchema.safeParse(message);
    if (known !== undefined) this.onmessage?.(known);
    else if (isAwaited) this.onmessage?.({ jsonrpc: '2.0', id, error: { code: -32603, message: 'not understood' } });
  }
}
