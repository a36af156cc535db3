import type { JsonObject } from '@lethe/contracts';
import { encodeResult, encodeSseEvent, META, ObjectText, type RpcId } from '@lethe/mcp';
import type { ResponseWriter } from '../../http/response/response-writer.js';
import { STREAM_HEADERS } from '../../http/response/stream-headers.js';
import { OMITTED_META } from '../../protocol/omissions.js';
import { toFilterJson, type SubscriptionFilter } from '../sources/subscription-filter.js';

/** How many different notifications are buffered for a slow client. */
const MAX_BACKLOG = 1_000;

/**
 * The client's side of `subscriptions/listen`: first the acknowledgement, then notifications with the client's
 * subscription id.
 */
export class SubscriptionStream {
  private buffered: string[] | undefined = [];
  private backlog: Set<string> | undefined;
  private isOver = false;

  constructor(
    private readonly response: ResponseWriter,
    private readonly id: RpcId,
  ) {
    response.beginStream(200, STREAM_HEADERS);
  }

  /**
   * Sends the acknowledgement, and the notifications that arrived before it.
   * @param omitted gateways that are not in it
   */
  acknowledge(agreed: SubscriptionFilter, omitted: readonly JsonObject[] = []): void {
    const meta = { [META.subscriptionId]: this.id, ...(omitted.length > 0 && { [OMITTED_META]: omitted }) };
    const params = { notifications: toFilterJson(agreed), _meta: meta };
    const method = 'notifications/subscriptions/acknowledged';
    this.write(encodeSseEvent(JSON.stringify({ jsonrpc: '2.0', method, params })));
    const buffered = this.buffered ?? [];
    this.buffered = undefined;
    for (const json of buffered) this.send(json);
  }

  /** Sends one notification. */
  send(json: string): void {
    if (this.buffered) return void this.buffered.push(json);
    const message = new ObjectText(json);
    const params = message.object('params');
    const meta = params.object('_meta').with({ [META.subscriptionId]: JSON.stringify(this.id) });
    this.write(encodeSseEvent(message.with({ params: params.with({ _meta: meta }) })));
  }

  /**
   * Ends the stream deliberately, with the request's response after everything that the client has not read yet (MCP
   * 2026-07-28, subscriptions, graceful closure).
   */
  finish(): void {
    if (this.isOver) return;
    this.isOver = true;
    const result = JSON.stringify({ resultType: 'complete', _meta: { [META.subscriptionId]: this.id } });
    for (const text of this.backlog ?? []) this.response.write(text);
    this.response.write(encodeSseEvent(encodeResult(this.id, result)));
    this.response.end();
  }

  /** While the client reads too slowly, each different notification is buffered once. */
  private write(text: string): void {
    if (this.isOver) return;
    if (this.backlog) {
      if (this.backlog.size < MAX_BACKLOG) this.backlog.add(text);
    } else if (!this.response.write(text)) {
      this.backlog = new Set();
      this.response.onceDrained(() => this.catchUp());
    }
  }

  private catchUp(): void {
    const texts = this.backlog ?? [];
    this.backlog = undefined;
    for (const text of texts) this.write(text);
  }
}
