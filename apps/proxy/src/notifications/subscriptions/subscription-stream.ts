import { encodeResult, encodeSseEvent, META, ObjectText, type RpcId } from '@lethe/mcp';
import type { ResponseWriter } from '../../http/response-writer.js';
import { STREAM_HEADERS } from '../../http/stream-headers.js';
import { toFilterJson, type SubscriptionFilter } from '../sources/subscription-filter.js';

/** Different notifications that are kept for a slow client. */
const MAX_BEHIND = 1_000;

/** The client's end of `subscriptions/listen`: the acknowledgement first, then news tagged with the client's own id. */
export class SubscriptionStream {
  private held: string[] | undefined = [];
  private behind: Set<string> | undefined;
  private isOver = false;

  constructor(
    private readonly response: ResponseWriter,
    private readonly id: RpcId,
  ) {
    response.beginStream(200, STREAM_HEADERS);
  }

  /** Sent once, before any news; what was told meanwhile follows. */
  acknowledge(agreed: SubscriptionFilter): void {
    const params = { notifications: toFilterJson(agreed), _meta: { [META.subscriptionId]: this.id } };
    const method = 'notifications/subscriptions/acknowledged';
    this.write(encodeSseEvent(JSON.stringify({ jsonrpc: '2.0', method, params })));
    const held = this.held ?? [];
    this.held = undefined;
    for (const json of held) this.send(json);
  }

  /** One notification, whoever it is from. */
  send(json: string): void {
    if (this.held) return void this.held.push(json);
    const message = new ObjectText(json);
    const params = message.object('params');
    const meta = params.object('_meta').with({ [META.subscriptionId]: JSON.stringify(this.id) });
    this.write(encodeSseEvent(message.with({ params: params.with({ _meta: meta }) })));
  }

  /** A deliberate end: the request's own response, after all that the client has not read yet. */
  finish(): void {
    if (this.isOver) return;
    this.isOver = true;
    const result = JSON.stringify({ resultType: 'complete', _meta: { [META.subscriptionId]: this.id } });
    for (const text of this.behind ?? []) this.response.write(text);
    this.response.write(encodeSseEvent(encodeResult(this.id, result)));
    this.response.end();
  }

  /** A client that is slower than the news gets each of them once. */
  private write(text: string): void {
    if (this.isOver) return;
    if (this.behind) {
      if (this.behind.size < MAX_BEHIND) this.behind.add(text);
    } else if (!this.response.write(text)) {
      this.behind = new Set();
      this.response.onceDrained(() => this.catchUp());
    }
  }

  private catchUp(): void {
    const texts = this.behind ?? [];
    this.behind = undefined;
    for (const text of texts) this.write(text);
  }
}
