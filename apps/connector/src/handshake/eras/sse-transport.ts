import { eventMessage, isResponseTo, type SseEvent } from '@lethe/mcp';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { type JSONRPCMessage, JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js';
import { decodeMessage } from '../client/response-body.js';
import type { GuardedClient, OpenStream } from '../client/guarded-client.js';
import { HandshakeFailure } from '../outcome/handshake-failure.js';
import { failureOf } from '../client/network-error.js';

/**
 * The HTTP+SSE transport over `GuardedClient`: messages are posted to the endpoint that the stream names, and responses
 * arrive on the stream. The SDK's own transport would reopen the stream without end.
 * https://modelcontextprotocol.io/specification/2024-11-05/basic/transports#http-with-sse
 */
export class SseTransport implements Transport {
  onmessage?: (message: JSONRPCMessage) => void;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  private pendingId: string | number | undefined;
  private isClosed = false;

  constructor(
    private readonly http: GuardedClient,
    private readonly stream: OpenStream,
    private readonly events: AsyncIterator<SseEvent>,
    private readonly endpoint: URL,
  ) {}

  async start(): Promise<void> {
    void this.readStream();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if ('method' in message && 'id' in message) this.pendingId = message.id;
    await this.http.postTo(this.endpoint, JSON.stringify(message));
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.stream.close();
    this.onclose?.();
  }

  private async readStream(): Promise<void> {
    try {
      for (let next = await this.events.next(); next.done !== true; next = await this.events.next()) {
        this.onData(eventMessage(next.value));
      }
      if (!this.isClosed) this.http.recordFailure(new HandshakeFailure('upstream_closed'));
    } catch (error) {
      if (!this.isClosed) this.http.recordFailure(failureOf(error));
    }
    await this.close();
  }

  /** Delivers one message. A response that the SDK would reject still ends the request it belongs to. */
  private onData(data: string | undefined): void {
    const message = data === undefined ? undefined : decodeMessage(data);
    const { pendingId: id } = this;
    const isAwaited = id !== undefined && isResponseTo(id, message);
    if (isAwaited) this.http.lastResponse = { httpStatus: 200, message };
    const { data: known } = JSONRPCMessageSchema.safeParse(message);
    if (known !== undefined) this.onmessage?.(known);
    else if (isAwaited) this.onmessage?.({ jsonrpc: '2.0', id, error: { code: -32603, message: 'not understood' } });
  }
}
